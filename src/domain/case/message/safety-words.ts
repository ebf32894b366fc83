/** Whether a text has one of the words for which a report is never put aside as junk, whatever its letters' case. */
export function hasSafetyWord(text: string, words: readonly string[]): boolean {
  const plain = fold(text)
  return words.some((word) => word.trim() !== '' && plain.includes(fold(word)))
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
