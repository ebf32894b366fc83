import { describe, expect, it } from 'vitest'
import { randomFor } from './streams.ts'

describe('the stream of a seed', () => {
  it('gives the known first numbers for seed 1', () => {
    const random = randomFor('1', '')
    const numbers = Array.from({ length: 5 }, () => random.next())
    expect(numbers).toEqual([642081540, 1237127611, 2899133831, 2321485462, 3073559155])
  })

  it('differs between concerns and between seeds', () => {
    const firsts = [randomFor('1', '/text'), randomFor('1', '/time'), randomFor('2', '/text')].map((each) =>
      each.next(),
    )
    expect(new Set(firsts).size).toBe(3)
  })
})
