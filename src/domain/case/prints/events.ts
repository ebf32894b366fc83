import { event } from '../event.ts'
import { mayFeedOwnBank } from '../minors/picture-rule.ts'
import { ALIVE, HER_SENDING, OPEN } from '../states.ts'

const BOTH = ['own', 'yes'] as const

/** Pictures of hers that are looked for, and where they were found. */
export const PRINTS_EVENTS = {
  'prints.register': event({
    action: 'evidence',
    permits: BOTH,
    statuses: OPEN,
    herStatuses: ALIVE,
    needs: ['id', 'rows', 'width', 'height', 'shorterSide'],
    may: ['note'],
    run: ({ draft, body, rules }) => {
      if (!mayFeedOwnBank(draft, rules)) return 'MINOR_PICTURE_REFUSED'
      if (draft.prints.has(body.id)) return 'ID_TAKEN'
      const { id, rows, width, height, shorterSide } = body
      draft.prints.set(id, { id, rows, scope: { width, height, shorterSide }, isWithdrawn: false })
      return null
    },
  }),
  'prints.withdraw': event({
    action: 'evidence',
    permits: BOTH,
    statuses: ALIVE,
    needs: ['about'],
    run: ({ draft, body }) => {
      const set = draft.prints.get(body.about)
      if (set === undefined) return 'UNKNOWN_ID'
      draft.prints.set(set.id, { ...set, isWithdrawn: true })
      return null
    },
  }),
  'match.found': event({
    action: 'evidence',
    permits: ['yes'],
    statuses: HER_SENDING,
    needs: ['about', 'sighting', 'matchRule', 'distance'],
    may: ['votes', 'isOnlyLikely', 'copy', 'content', 'contextKey'],
    run: ({ draft, body, entry, by }) => {
      if (!draft.prints.has(body.about)) return 'UNKNOWN_ID'
      // Two members, or one twice, see the same hit: it is one match.
      const id = matchId(body)
      if (draft.matches.has(id)) return 'ID_TAKEN'
      draft.matches.set(id, {
        id,
        entry,
        by,
        about: body.about,
        sighting: body.sighting,
        rule: body.matchRule,
        distance: body.distance,
        votes: body.votes ?? null,
        isOnlyLikely: body.isOnlyLikely ?? false,
        copy: body.copy ?? {},
        context: body.content ?? null,
        contextKey: body.contextKey ?? null,
      })
      return null
    },
  }),
} as const

/** One picture of hers in one picture that somebody saw: what makes two entries the same match. */
export function matchId({ about, sighting }: { readonly about: string; readonly sighting: string }): string {
  return `${about}:${sighting}`
}
