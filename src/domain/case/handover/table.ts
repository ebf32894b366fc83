import { refuseMember } from '../conflict/refuse-member.ts'
import type { Context } from '../event.ts'
import { type Effect, type Guard, machine } from '../machine.ts'
import type { Handover } from '../state.ts'
import { HANDOVER_STATES, type HandoverState } from '../states.ts'
import { openTask, openTasks, passOn } from '../task/tasks.ts'

export type HandoverEvent = 'accept' | 'decline'

/** A step of one handover. */
export interface HandoverContext extends Context {
  readonly handover: Handover
}

type Guards = 'named' | 'may-belong'
type Effects = 'take-over' | 'tell-her'

const guards: Readonly<Record<Guards, Guard<HandoverContext>>> = {
  named: {
    says: 'by the person it was offered to',
    refuses: ({ handover, by }) => (handover.to === by.id ? null : 'ROLE_NOT_ALLOWED'),
  },
  'may-belong': {
    says: 'who is not excluded and may be a member',
    refuses: (context) => refuseMember(context, context.by.id, context.by.role),
  },
}

const effects: Readonly<Record<Effects, Effect<HandoverContext>>> = {
  'take-over': { says: 'wraps are made; duty, lead and open tasks pass on', run: takeOver },
  'tell-her': {
    says: 'task "survivor told: new person, from when"',
    run: (context) => openTask(context, { kind: 'tell-survivor-new-person', link: context.handover.id }),
  },
}

function takeOver(context: HandoverContext): void {
  const { draft, handover, by, at } = context
  if (!draft.members.has(by.id)) draft.members.set(by.id, { role: by.role, since: at, sessionEnds: null })
  if (draft.lead === handover.from.id) draft.lead = by.id
  const owned = openTasks(draft).filter(({ owner }) => owner === handover.from.id)
  passOn(context, owned, by.id)
}

/** The states of a handover. Until it is accepted the giver keeps the duty. */
export const HANDOVER_TABLE = machine<HandoverContext, HandoverState, HandoverEvent, Guards, Effects>({
  name: 'handover',
  states: HANDOVER_STATES,
  events: ['accept', 'decline'],
  transitions: [
    {
      from: ['offered'],
      event: 'accept',
      guards: ['named', 'may-belong'],
      to: 'accepted',
      effects: ['take-over', 'tell-her'],
    },
    { from: ['offered'], event: 'decline', guards: ['named'], to: 'declined', effects: [] },
  ],
  guards,
  effects,
})
