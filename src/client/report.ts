import { sha256 } from '@noble/hashes/sha2.js'
import type { OpenReport, Puzzle } from '#contract/intake.ts'
import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import { submissionDigest } from '#lib/seal/index.ts'
import type { Client } from './client.ts'

/** A sealed report, ready to be sent. */
export interface SealedReport {
  readonly mailbox: string
  readonly authPublicKey: Uint8Array
  /** Twelve, in the order of their slots. */
  readonly wraps: readonly { readonly address: string; readonly wrap: Uint8Array }[]
  readonly items: readonly Uint8Array[]
  readonly commitment: Uint8Array
  /** ISO week. */
  readonly week: string
}

/** Finds the counter of a puzzle; it may take its time and be called off. */
export type SolvePuzzle = (puzzle: Puzzle) => Promise<number>

/** SHA-256 of the manifest of a report, 64 hexadecimal digits: what receipt and custody record name. */
export function reportDigest(report: SealedReport): string {
  return submissionDigest({
    v: 1,
    mailbox: report.mailbox,
    authPk: bytesToHex(report.authPublicKey),
    wraps: report.wraps.map(({ wrap }) => bytesToHex(sha256(wrap))),
    items: report.items.map((item) => bytesToHex(sha256(item))),
    week: report.week,
  })
}

/**
 * Sends a report and gives the signed receipt. Sent again after an answer that got lost, it is kept once. Throws
 * `CallError`: see `intake.open`.
 */
export async function sendReport(
  client: Client,
  report: SealedReport,
  solve: SolvePuzzle,
  options: { readonly lowPower: boolean } = { lowPower: false },
): Promise<string> {
  const puzzle = await client.intake.challenge(options)
  const body = openRequest(report, { ...puzzle, counter: await solve(puzzle) })
  return (await client.intake.open(body)).receipt
}

/** The request that `sendReport` sends. */
export function openRequest(report: SealedReport, pow: OpenReport['pow']): OpenReport {
  return {
    mailbox: report.mailbox,
    authPk: bytesToHex(report.authPublicKey),
    week: report.week,
    wraps: report.wraps.map(({ address, wrap }) => ({ address, body: bytesToBase64(wrap) })),
    items: report.items.map(bytesToBase64),
    manifestSha256: reportDigest(report),
    commitment: bytesToHex(report.commitment),
    pow,
  }
}
