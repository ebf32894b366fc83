import {
  crop,
  type Fingerprint,
  fingerprint,
  flatten,
  hasTransparency,
  type Pixels,
  trims,
  variants,
} from '#lib/phash/index.ts'

/** What part of a looked-up picture a print describes. Windows are looked up apart (`queryWindows`). */
export type QueryPrintName = 'whole' | 'trimmed' | 'on-white' | 'on-black'

export interface QueryPrint {
  name: QueryPrintName
  fingerprint: Fingerprint
}

export interface RegistrationPrint {
  /**
   * Variant id: `o0`..`o7` orientations, `w` and `k` flattened on white and on black, `t0`..`t7` orientations of the picture
   * without its uniform borders.
   */
  variant: string
  fingerprint: Fingerprint
}

/**
 * The prints a picture is looked up with: the whole frame, the picture without uniform borders when it has some, and the
 * picture on white and on black when parts of it are transparent: which of them a person sees depends on the program that
 * shows it. Unusable prints are included; the match rule leaves them out.
 */
export function queryPrints(pixels: Pixels): QueryPrint[] {
  const prints: QueryPrint[] = [{ name: 'whole', fingerprint: fingerprint(pixels) }]
  const [inner] = trims(pixels)
  if (inner) prints.push({ name: 'trimmed', fingerprint: fingerprint(crop(pixels, inner)) })
  if (hasTransparency(pixels)) {
    prints.push({ name: 'on-white', fingerprint: fingerprint(flatten(pixels, 'white')) })
    prints.push({ name: 'on-black', fingerprint: fingerprint(flatten(pixels, 'black')) })
  }
  return prints
}

/**
 * The prints a picture is registered with: its eight orientations, its flattened forms where it is transparent, and the
 * orientations of what uniform borders leave of it, since copies are posted without them too. Unusable ones are left out.
 */
export async function registrationPrints(pixels: Pixels): Promise<RegistrationPrint[]> {
  const prints: RegistrationPrint[] = []
  for await (const { id, fingerprint: print } of variants(pixels, 'basic'))
    prints.push({ variant: id, fingerprint: print })
  const [inner] = trims(pixels)
  if (!inner) return prints
  for await (const { id, fingerprint: print } of variants(crop(pixels, inner), 'basic')) {
    if (id.startsWith('o')) prints.push({ variant: `t${id.slice(1)}`, fingerprint: print })
  }
  return prints
}
