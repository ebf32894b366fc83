import { event } from '../event.ts'
import { ALIVE } from '../states.ts'
import { reopenOnHerMessage } from '../status/move-case.ts'
import { hasSafetyWord } from './safety-words.ts'

/** What people write to each other, and her own log of what happened. */
export const MESSAGE_EVENTS = {
  'message.write': event({
    action: 'write',
    permits: ['own', 'yes'],
    statuses: ALIVE,
    needs: ['text'],
    run: (context) => {
      const { draft, body, by, rules } = context
      if (by.role !== 'survivor') return null
      if (hasSafetyWord(body.text, rules.safetyWords)) draft.hasSafetyWord = true
      if (draft.closing) draft.closing = { ...draft.closing, hasAnswered: true }
      reopenOnHerMessage(context)
      return null
    },
  }),
  'log.add': event({
    action: 'write',
    permits: ['own', 'yes'],
    statuses: ALIVE,
    needs: ['id', 'date', 'description'],
    may: ['replaces', 'time', 'place', 'note', 'reference', 'exhibits', 'summary', 'receiver', 'kind'],
    run: ({ draft, body, by }) => {
      if (draft.log.has(body.id)) return 'ID_TAKEN'
      const corrects = body.replaces ?? null
      if (corrects !== null && !draft.log.has(corrects)) return 'UNKNOWN_ID'
      draft.log.set(body.id, { id: body.id, by, date: body.date, corrects, fields: { ...body } })
      return null
    },
  }),
} as const
