import type { Entity, Message } from '../model.ts'
import { normaliseCharacters } from './characters.ts'
import { foldSeparators } from './digits.ts'
import { maskLink } from './display-link.ts'
import type { Findings } from './findings.ts'
import type { Link } from './link.ts'
import type { TextRange } from './mapped.ts'
import { maskBankCard, maskEmail, maskHandle } from './mask.ts'
import { parseLink } from './parse-link.ts'
import { phoneDigits, readPhone } from './phone-number.ts'

const MAX_HREF_LENGTH = 2048

/** What the application itself marked in the text. True when the entity was used. */
export function addEntity(findings: Findings, text: string, entity: Entity): boolean {
  if (entity.type === 'text_link') return entity.href !== undefined && addHiddenLink(findings, entity.href)
  const { start, end } = entity
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end > text.length || end <= start)
    return false
  if (end - start > MAX_HREF_LENGTH) return false
  const range = { start, end }
  const slice = text.slice(start, end)
  const plain = normaliseCharacters(slice).text.trim()
  switch (entity.type) {
    case 'phone':
      return addPhone(findings, range, foldSeparators(plain))
    case 'email':
      return findings.add('email', range, plain.toLowerCase(), maskEmail(plain.toLowerCase()), 'sure')
    case 'mention': {
      const handle = plain.replace(/^@/, '').toLowerCase()
      return handle !== '' && findings.add('handle', range, handle, maskHandle(handle), 'sure')
    }
    case 'bank_card': {
      const digits = plain.replace(/[^0-9]/g, '')
      return digits !== '' && findings.add('bank-card', range, digits, maskBankCard(digits), 'sure')
    }
    case 'link': {
      const link = parseLink(slice)
      return link !== null && addLink(findings, range, link)
    }
    default:
      return false
  }
}

function addPhone(findings: Findings, range: TextRange, text: string): boolean {
  const number = readPhone(phoneDigits(text))
  return (
    number !== null &&
    findings.add('phone', range, number.e164, number.masked, number.isValid ? 'sure' : 'possible')
  )
}

/** A link in the text: a phone number or account it stands for, else the address itself. */
export function addLink(findings: Findings, range: TextRange, link: Link): boolean {
  const phone = link.kind === 'phone' ? readPhone(link.target.slice('tel:'.length)) : null
  if (phone !== null)
    return findings.add('phone', range, phone.e164, phone.masked, phone.isValid ? 'sure' : 'possible')
  const handle = handleOf(link)
  if (handle !== null) return findings.add('handle', range, handle, maskHandle(handle), 'sure')
  if (link.kind === 'other' || link.kind === 'distribution-point') {
    return findings.addLink(range, link.target, maskLink(link), isBareHost(link) ? 'possible' : 'sure')
  }
  return findings.add('url', range, link.target, maskLink(link), 'sure')
}

/** `ok.my` is more often a forgotten space than a site. */
function isBareHost(link: Link): boolean {
  return link.target === link.host && !/^(?:[a-z]+:\/\/|www\.)/i.test(link.plain)
}

/** A phone number from a shared contact card. */
export function addContact(findings: Findings, contact: NonNullable<Message['contact']>): void {
  if (contact.phone === undefined || contact.phone === '' || contact.phone.length > MAX_HREF_LENGTH) return
  const number = readPhone(phoneDigits(normaliseCharacters(contact.phone).text))
  if (number === null) return
  findings.addOutside('contact', 'phone', number.e164, number.masked, number.isValid ? 'sure' : 'possible')
}

/** A link behind a button or behind other words. */
export function addHiddenLink(findings: Findings, href: string): boolean {
  if (href.length > MAX_HREF_LENGTH) return false
  const email = /^mailto:([^?\s]{1,64}@[^?\s]{1,255})/i.exec(href)?.[1]?.toLowerCase()
  if (email !== undefined) {
    findings.addOutside('hidden', 'email', email, maskEmail(email), 'sure')
    return true
  }
  if (/^(?:tel|sms):/i.test(href))
    return addHiddenPhone(findings, phoneDigits(href.replace(/^[a-z]+:(?:\/\/)?/i, '')))
  const link = parseLink(href)
  if (link === null) return false
  if (link.kind === 'phone' && addHiddenPhone(findings, link.target.slice('tel:'.length))) return true
  const handle = handleOf(link)
  if (handle !== null) findings.addOutside('hidden', 'handle', handle, maskHandle(handle), 'sure')
  else findings.addOutside('hidden', 'url', link.target, maskLink(link), 'sure')
  return true
}

function addHiddenPhone(findings: Findings, digits: string): boolean {
  const number = readPhone(digits)
  if (number === null) return false
  findings.addOutside('hidden', 'phone', number.e164, number.masked, number.isValid ? 'sure' : 'possible')
  return true
}

function handleOf(link: Link): string | null {
  const match = link.kind === 'username' ? /^(?:tg|ig|tt):@(.+)$/.exec(link.target) : null
  return match?.[1] ?? null
}
