import { expect, it } from 'vitest'
import { AppError } from '#lib/errors/index.ts'
import { translateError, withCodedErrors } from './index.ts'

function withCode(code: string, message = 'words'): Error {
  return Object.assign(new Error(message), { code })
}

it('tells a lost connection, a time-out, a cancellation and a refusal apart', () => {
  const expected: [Error, string][] = [
    [withCode('57P01'), 'DATABASE_UNREACHABLE'],
    [withCode('57P03'), 'DATABASE_UNREACHABLE'],
    [withCode('08006'), 'DATABASE_UNREACHABLE'],
    [withCode('53300'), 'DATABASE_UNREACHABLE'],
    [withCode('ECONNRESET'), 'DATABASE_UNREACHABLE'],
    [withCode('ENOENT'), 'DATABASE_UNREACHABLE'],
    [withCode('ECONNABORTED'), 'DATABASE_UNREACHABLE'],
    [withCode('SELF_SIGNED_CERT_IN_CHAIN'), 'DATABASE_UNREACHABLE'],
    [withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'DATABASE_UNREACHABLE'],
    [new Error('The server does not support SSL connections'), 'DATABASE_UNREACHABLE'],
    [new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), 'DATABASE_UNREACHABLE'],
    [new Error('Received unexpected dataRow message from backend.'), 'DATABASE_UNREACHABLE'],
    [new Error('Connection terminated unexpectedly'), 'DATABASE_UNREACHABLE'],
    [new Error('timeout exceeded when trying to connect'), 'DATABASE_UNREACHABLE'],
    [withCode('57014', 'canceling statement due to statement timeout'), 'DATABASE_TIMEOUT'],
    [withCode('57014', 'storniere Anfrage wegen Zeitüberschreitung der Anfrage'), 'DATABASE_TIMEOUT'],
    [new Error('Query read timeout'), 'DATABASE_TIMEOUT'],
    [withCode('57014', 'canceling statement due to user request'), 'DATABASE_CANCELLED'],
    [new Error('driver has already been destroyed'), 'DATABASE_CLOSED'],
    [withCode('42P01'), 'DATABASE_FAILED'],
    [withCode('22P02'), 'DATABASE_FAILED'],
  ]
  for (const [thrown, code] of expected) {
    const error = translateError(thrown)
    expect(error, thrown.message).toBeInstanceOf(AppError)
    expect(error, thrown.message).toMatchObject({ code, cause: thrown })
  }
})

it('repeats nothing of what the database said', () => {
  const error = translateError(withCode('23505', 'Key (id)=(4711) already exists'))
  expect(String(error)).not.toContain('4711')
})

it('leaves faults of the program, and errors that have a code of ours, as they are', async () => {
  const ours = new AppError('DUPLICATE_ID', 'words')
  for (const thrown of [new TypeError('x is not a function'), new Error('words'), ours, 'words', undefined]) {
    expect(translateError(thrown)).toBe(thrown)
  }
  await expect(withCodedErrors(() => Promise.reject(ours))).rejects.toBe(ours)
  expect(await withCodedErrors(async () => 7)).toBe(7)
})
