/** The whole number after an option such as `--messages`. */
export function numberOption(name: string, fallback: number): number {
  const at = process.argv.indexOf(name)
  if (at < 0) return fallback
  const value = Number(process.argv[at + 1])
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} takes a whole number.`)
  return value
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** The word after an option such as `--mode`, one of `choices`; the first of them unless given. */
export function choiceOption<Choice extends string>(
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const at = process.argv.indexOf(name)
  if (at < 0) return choices[0]
  const chosen = choices.find((choice) => choice === process.argv[at + 1])
  if (chosen === undefined) throw new Error(`${name} takes one of ${choices.join(', ')}.`)
  return chosen
}
