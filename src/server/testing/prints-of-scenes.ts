import { randomBytes } from 'node:crypto'
import { type PictureSet, printSetOf, sightingPrintsOf } from '#domain/index.ts'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import type { Pixels } from '#lib/phash/index.ts'
import type { Rgb8 } from '#lib/scenes/index.ts'
import { sealContext, sealPrintSet, sealSighting } from '#lib/seal/index.ts'
import { newId, solve } from './reports.ts'
import type { World } from './world.ts'

export const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))

export const asPixels = (scene: Rgb8): Pixels => ({ ...scene, format: 'rgb8' })

const solution = async ({ client }: World) => {
  const puzzle = await client.intake.challenge({ lowPower: true })
  return { ...puzzle, counter: await solve(puzzle) }
}

/** What a survivor's phone does with a picture: registers its prints and keeps the map. */
export async function register(world: World, recipient: string, pixels: Pixels) {
  const set = await printSetOf(pixels, 'full', random)
  return { set, ...(await registerSet(world, recipient, set)) }
}

export async function registerSet(world: World, recipient: string, set: PictureSet) {
  const body = bytesToBase64(await sealPrintSet(set.prints, recipient))
  const registration = { id: newId(), body, pow: await solution(world) }
  await world.client.bank.register(registration)
  return { registration, setId: registration.id }
}

/** What a witness's laptop does with a picture of an export. */
export async function submit(world: World, recipient: string, pixels: Pixels, context: object) {
  const contextKey = random(32)
  const sighting = { ...(await sightingPrintsOf(pixels)), contextKey }
  const submission = {
    id: newId(),
    body: bytesToBase64(await sealSighting(sighting, recipient)),
    context: bytesToBase64(sealContext(context, contextKey, random)),
    pow: await solution(world),
  }
  await world.client.sightings.submit(submission)
  return { submission, contextKey, sighting }
}
