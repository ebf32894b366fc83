import { type Context, event } from '../event.ts'
import type { Fields } from '../fields.ts'
import { refusePicture } from '../minors/picture-rule.ts'
import type { RefusalCode } from '../refusals.ts'
import { isSamePerson } from '../roles.ts'
import { ALIVE, OPEN, WORKING } from '../states.ts'
import { change, step } from '../subject.ts'
import { EXHIBIT_TABLE, type ExhibitEvent } from './table.ts'

const BOTH = ['own', 'yes'] as const

/** Exhibits, and opening one: the exception that needs a reason. */
export const EXHIBIT_EVENTS = {
  'exhibit.reference': event({
    action: 'evidence',
    permits: BOTH,
    statuses: OPEN,
    herStatuses: ALIVE,
    needs: ['id'],
    run: ({ draft, body }) => {
      if (draft.exhibits.has(body.id)) return 'ID_TAKEN'
      draft.exhibits.set(body.id, {
        id: body.id,
        state: 'referenced',
        contentClass: null,
        sha256: null,
        openings: 0,
        description: null,
        mayOpen: [],
      })
      return null
    },
  }),
  'exhibit.capture': event({
    action: 'evidence',
    permits: BOTH,
    statuses: OPEN,
    herStatuses: ALIVE,
    needs: ['about', 'contentClass', 'sha256'],
    run: (context) => move(context, 'capture'),
  }),
  'exhibit.preserve': event({
    action: 'evidence',
    permits: BOTH,
    statuses: ALIVE,
    needs: ['about', 'record'],
    run: (context) => move(context, 'preserve'),
  }),
  'exhibit.withhold': event({
    action: 'evidence',
    permits: BOTH,
    statuses: ALIVE,
    needs: ['about'],
    run: (context) => move(context, 'withhold'),
  }),
  'exhibit.erase': event({
    action: 'withdraw',
    permits: ['own'],
    statuses: [],
    herStatuses: ALIVE,
    needs: ['about'],
    run: (context) => move(context, 'erase'),
  }),
  'exhibit.allow-open': event({
    action: 'view-picture',
    permits: ['with-reason'],
    statuses: WORKING,
    needs: ['about', 'entry', 'reason'],
    run: ({ draft, body, by }) => {
      if (by.role !== 'supervisor') return 'ROLE_NOT_ALLOWED'
      if (isSamePerson(by, { id: body.entry, key: '' })) return 'SELF_APPROVAL'
      const exhibit = draft.exhibits.get(body.about)
      if (!exhibit) return 'UNKNOWN_ID'
      change(draft.exhibits, body.about, { mayOpen: [...exhibit.mayOpen, body.entry] })
      return null
    },
  }),
  'exhibit.open': event({
    action: 'view-picture',
    permits: ['with-reason'],
    statuses: WORKING,
    needs: ['about', 'openingReason', 'description'],
    may: ['reason'],
    run: openExhibit,
  }),
} as const

function openExhibit({
  draft,
  body,
  by,
}: Context<Pick<Fields, 'about' | 'openingReason' | 'description'> & Partial<Fields>>): RefusalCode | null {
  const exhibit = draft.exhibits.get(body.about)
  if (!exhibit) return 'UNKNOWN_ID'
  if (exhibit.sha256 === null) return 'TRANSITION_REFUSED'
  const refused = refusePicture(draft)
  if (refused) return refused
  if (body.openingReason === 'other' && body.reason === undefined) return 'REASON_UNKNOWN'
  // The first viewer describes it so that nobody else has to look; each allowance is for one opening.
  const allowance = exhibit.mayOpen.indexOf(by.id)
  if (exhibit.openings > 0 && allowance < 0) return 'PICTURE_SEEN'
  change(draft.exhibits, exhibit.id, {
    openings: exhibit.openings + 1,
    description: exhibit.description ?? body.description,
    mayOpen: exhibit.mayOpen.filter((_, index) => index !== allowance),
  })
  return null
}

function move(
  context: Context<Pick<Fields, 'about'> & Partial<Fields>>,
  moved: ExhibitEvent,
): RefusalCode | null {
  return moveExhibit(context, context.body.about, moved)
}

/** Moves one exhibit along its table. */
export function moveExhibit(
  context: Context<Partial<Fields>>,
  id: string,
  moved: ExhibitEvent,
): RefusalCode | null {
  return step(context.draft.exhibits, EXHIBIT_TABLE, id, moved, (exhibit) => ({ ...context, exhibit }))
}
