import type { Context } from '../event.ts'
import { type Effect, type Guard, machine } from '../machine.ts'
import { refusePicture } from '../minors/picture-rule.ts'
import type { Exhibit } from '../state.ts'
import { EXHIBIT_STATES, type ExhibitState } from '../states.ts'
import { change } from '../subject.ts'
import { openTask } from '../task/tasks.ts'

export const EXHIBIT_TABLE_EVENTS = ['capture', 'preserve', 'use', 'withhold', 'erase'] as const
export type ExhibitEvent = (typeof EXHIBIT_TABLE_EVENTS)[number]

/** A step of one exhibit. */
export interface ExhibitContext extends Context {
  readonly exhibit: Exhibit
}

type Guards = 'no-picture-of-a-minor' | 'her-signature'
type Effects = 'keep-digest' | 'forget' | 'debrief'

const guards: Readonly<Record<Guards, Guard<ExhibitContext>>> = {
  'no-picture-of-a-minor': {
    says: 'no picture where the person is or may be under 18',
    refuses: ({ body, draft, exhibit }) =>
      (body.contentClass ?? exhibit.contentClass) === 'picture' ? refusePicture(draft) : null,
  },
  'her-signature': {
    says: 'survivor signature',
    refuses: ({ by }) => (by.role === 'survivor' ? null : 'SURVIVOR_ONLY'),
  },
}

const effects: Readonly<Record<Effects, Effect<ExhibitContext>>> = {
  'keep-digest': {
    says: 'class and SHA-256 are kept',
    run: ({ draft, exhibit, body }) =>
      change(draft.exhibits, exhibit.id, {
        contentClass: body.contentClass ?? null,
        sha256: body.sha256 ?? null,
      }),
  },
  forget: {
    says: 'the ciphertext is erased; no digest and no description is kept',
    run: ({ draft, exhibit }) =>
      change(draft.exhibits, exhibit.id, { sha256: null, description: null, mayOpen: [] }),
  },
  debrief: {
    says: 'stop-viewing screen; a pointer goes to hotline or police; debrief task',
    run: (context) => {
      openTask(context, { kind: 'withheld-pointer', link: context.exhibit.id })
      openTask(context, { kind: 'debrief', link: context.exhibit.id, owner: context.by.id })
    },
  },
}

/** The states of an exhibit. Erasing keeps the leaf of the log and the words "erased on survivor's wish, week". */
export const EXHIBIT_TABLE = machine<ExhibitContext, ExhibitState, ExhibitEvent, Guards, Effects>({
  name: 'exhibit',
  states: EXHIBIT_STATES,
  events: EXHIBIT_TABLE_EVENTS,
  transitions: [
    {
      from: ['referenced'],
      event: 'capture',
      guards: ['no-picture-of-a-minor'],
      to: 'captured',
      effects: ['keep-digest'],
    },
    {
      from: ['captured'],
      event: 'preserve',
      guards: ['no-picture-of-a-minor'],
      to: 'preserved',
      effects: [],
    },
    {
      from: ['preserved', 'used'],
      event: 'use',
      guards: ['no-picture-of-a-minor'],
      to: 'used',
      effects: [],
    },
    {
      from: ['referenced', 'captured', 'preserved', 'used'],
      event: 'withhold',
      guards: [],
      to: 'withheld',
      effects: ['forget', 'debrief'],
    },
    {
      from: ['referenced', 'captured', 'preserved', 'used'],
      event: 'erase',
      guards: ['her-signature'],
      to: 'erased',
      effects: ['forget'],
    },
  ],
  guards,
  effects,
})
