import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { passkeys } from '#contract/passkeys.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { type NewOrganisation, StaffSession, setUpOrganisation } from '../../../client/index.ts'
import { newId, solve } from '../../testing/reports.ts'
import { openWorld, type World } from '../../testing/world.ts'

// A real browser with an authenticator of its own (WebAuthn in the DevTools protocol), and the client as browsers run it.

const ORG = 'org.example'
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
const refusedWith = (code: string) => expect.objectContaining({ code })

let world: World
let organisation: NewOrganisation
let browser: Browser
let site: Server
let otherSite: Server
let page: Page
let devtools: CDPSession
let authenticatorId: string
/** Whether requests to sign in with a passkey are kept from the server, so that the test can send them altered. */
let hold = false
/** Bodies of what pages sent, by the name of the operation. */
const sent = new Map<string, string>()
const directory = makeTemporaryFolder()

/** The client as one script, and what the test calls in the page. */
async function pageScript(): Promise<string> {
  const entry = fileURLToPath(new URL('../../../client/index.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'saksi' } },
  })
  const output = Array.isArray(built) ? built[0] : built
  if (!output || !('output' in output)) throw new Error('nothing was built')
  return `${output.output[0].code}
    const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes))
    const client = saksi.createClient({ baseUrl: 'http://api.invalid', fetch: async (url, init) => {
      const { status, text } = await ask(new URL(url).pathname, init.method, init.body ?? '')
      return new Response(text, { status })
    } })
    const attempt = (work) => work().then((value) => ({ value }), (error) => ({ code: error.code ?? String(error) }))
    let session = null
    const summary = () => ({ token: session.token, entry: session.entry, staff: session.staff,
      age: session.identity.age.secret, sign: [...session.identity.sign.seed].join() })
    globalThis.call = {
      addPasskey: (handle, passphrase, origin) => attempt(async () => {
        session = await saksi.StaffSession.open(client, { org: '${ORG}', handle, passphrase, origin }, () => {
          throw new Error('no work was expected')
        })
        return saksi.addPasskey(client, session, { credentials: navigator.credentials, random }, { org: '${ORG}', name: handle })
      }),
      signIn: (origin) => attempt(async () => {
        session = await saksi.signInWithPasskey(client, navigator.credentials, { org: '${ORG}', origin })
        return summary()
      }),
    }`
}

/** What pages ask of the API goes through this process, so that neither origins nor a proxy stand between them and it. */
async function answer(path: string, method: string, body: string): Promise<{ status: number; text: string }> {
  sent.set(path.replace('/api/', '').replace('/', '.'), body)
  if (hold && path === passkeys.login.path) return { status: 503, text: '' }
  const response = await fetch(new URL(path, world.url), {
    method,
    ...(body !== '' && { headers: { 'content-type': 'application/json' }, body }),
  })
  return { status: response.status, text: await response.text() }
}

async function serveEmptyPage(): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>.</title>')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}

// Listening on a port, it has an address of this form.
const originOf = (server: Server) => `http://localhost:${(server.address() as AddressInfo).port}`

async function openPage(of: Server): Promise<Page> {
  await page.goto(originOf(of))
  await page.addScriptTag({ content: await script })
  return page
}

let script: Promise<string>
const call = (expression: string): Promise<{ value?: Record<string, string>; code?: string }> =>
  page.evaluate(`call.${expression}`)

async function useAuthenticator(options: { hasPrf: boolean }): Promise<void> {
  if (authenticatorId !== undefined)
    await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  const added = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...options,
    },
  })
  authenticatorId = added.authenticatorId
}

beforeAll(async () => {
  script = pageScript()
  ;[site, otherSite] = [await serveEmptyPage(), await serveEmptyPage()]
  let isSetUp = false
  const setUpGate = {
    isOpen: async () => !isSetUp,
    close: async () => {
      isSetUp = true
    },
  }
  world = await openWorld({ directory, settings: { setUpGate, origins: [originOf(site)] } })
  organisation = await setUpOrganisation(
    world.client,
    {
      token: Buffer.alloc(32, 5).toString('base64url'),
      org: ORG,
      log: 'custody.example.org/log',
      people: [
        { handle: 'aina', role: 'supervisor', langs: ['ms'] },
        { handle: 'devi', role: 'caseworker', langs: ['en'] },
      ],
    },
    { now: world.clock.now(), random },
  )
  browser = await chromium.launch({
    executablePath: process.env['SAKSI_CHROMIUM'] ?? '/usr/bin/chromium',
    args: FLAGS,
  })
  page = await browser.newPage()
  await page.exposeFunction('ask', answer)
  devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
}, 180_000)
afterAll(async () => {
  await browser.close()
  for (const server of [site, otherSite]) server.close()
  await world.close()
  removeFolder(directory)
})

const personOf = (handle: string) =>
  organisation.people.find((one) => one.handle === handle) ?? expect.fail(handle)
const added = (handle: string) =>
  call(`addPasskey('${handle}', ${JSON.stringify(personOf(handle).passphrase)}, '${originOf(site)}')`)
const signedIn = (origin = originOf(site)) => call(`signIn('${origin}')`)
const bodyOf = (operation: string) => JSON.parse(sent.get(operation) ?? expect.fail(operation))
const passkeyRows = () =>
  world.database.kysely.selectFrom('staff_methods').selectAll().where('kind', '=', 'passkey').execute()
const countSessions = async () =>
  (await world.database.kysely.selectFrom('sessions').select('token_hash').execute()).length

it('opens the same keys with a passkey as with the passphrase, and sends nothing of its secret', async () => {
  await useAuthenticator({ hasPrf: true })
  await openPage(site)
  const { value: made } = await added('aina')
  expect(made).toEqual({ methodId: expect.stringMatching(/^[\w-]{22}$/) })
  const { value: session } = await signedIn()
  const { identity, entry, staff } = personOf('aina')
  expect(session).toEqual({
    token: expect.stringMatching(/^[\w-]{43}$/),
    entry: entry.id,
    staff,
    age: identity.age.secret,
    sign: [...identity.sign.seed].join(),
  })
  expect(await world.client.members.state({ session: session?.['token'] ?? '' })).toHaveProperty('inOneHand')
  const [row] = await passkeyRows()
  expect(row).toMatchObject({ kind: 'passkey', kdf: null, salt: null, key_version: 1 })
  expect(Number(row?.sign_count)).toBeGreaterThan(0)

  const secret: number[] = await page.evaluate(`(async () => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('saksi/v1/prf\\n${ORG}\\n1'))
    const { prf } = (await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32), userVerification: 'required',
      extensions: { prf: { eval: { first: digest } } } } })).getClientExtensionResults()
    return [...new Uint8Array(prf.results.first)]
  })()`)
  expect(secret).toHaveLength(32)
  const bodies = [...sent.values()].join('\n')
  for (const form of ['hex', 'base64', 'base64url'] as const) {
    expect(bodies).not.toContain(Buffer.from(secret).toString(form).replace(/=+$/, ''))
  }
  expect(bodies).not.toMatch(/prf|clientExtensionResults/)
}, 180_000)

it('refuses an assertion that was used, altered, or made for another nonce, passkey or person', async () => {
  await signedIn()
  const used = bodyOf('passkeys.login')
  const sessions = await countSessions()
  const refuse = (body: typeof used) =>
    expect(world.client.passkeys.login(body)).rejects.toThrow(refusedWith('STAFF_LOGIN_REFUSED'))
  await refuse(used)
  const { nonce } = await world.client.members.nonce()
  await refuse({ ...used, nonce })
  // A fresh one that never reached the server: what the browser made, with one thing changed at a time.
  const changes: ((body: typeof used) => object)[] = [
    (body) => ({
      ...body,
      signature: `${body.signature.slice(0, -2)}${body.signature.endsWith('00') ? '01' : '00'}`,
    }),
    (body) => ({ ...body, assertion: { ...body.assertion, signature: used.assertion.signature } }),
    (body) => ({ ...body, assertion: { ...body.assertion, userHandle: newId() } }),
    (body) => ({
      ...body,
      assertion: { ...body.assertion, id: Buffer.from(random(16)).toString('base64url') },
    }),
    (body) => ({ ...body, assertion: { ...body.assertion, clientDataJSON: used.assertion.clientDataJSON } }),
    (body) => ({ ...body, assertion: { ...body.assertion, authenticatorData: 'AAAA' } }),
  ]
  for (const change of changes) {
    hold = true
    await signedIn()
    hold = false
    await refuse({ ...bodyOf('passkeys.login'), ...change(bodyOf('passkeys.login')) })
  }
  expect(await countSessions()).toBe(sessions)
}, 180_000)

it('refuses what was signed on another site, whatever origin that one claims', async () => {
  await openPage(otherSite)
  for (const origin of [originOf(otherSite), originOf(site)]) {
    expect(await signedIn(origin)).toEqual({ code: 'STAFF_LOGIN_REFUSED' })
  }
  expect(await added('devi')).toEqual({ code: 'PASSKEY_INVALID' })
  const rows = await passkeyRows()
  expect(rows).toHaveLength(1)
  await openPage(site)
  // The one that the server refused lies in the authenticator, which would choose it because it is newer.
  const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId })
  for (const { credentialId } of credentials) {
    if (rows[0]?.credential_id?.toString('base64') === credentialId) continue
    await devtools.send('WebAuthn.removeCredential', { authenticatorId, credentialId })
  }
  expect((await signedIn()).code).toBeUndefined()
}, 180_000)

it('says when the authenticator has counted less than before, and opens nothing', async () => {
  const [row] = await passkeyRows()
  const counted = Number(row?.sign_count)
  await world.database.kysely
    .updateTable('staff_methods')
    .set({ sign_count: counted + 100 })
    .where('kind', '=', 'passkey')
    .execute()
  const sessions = await countSessions()
  expect(await signedIn()).toEqual({ code: 'PASSKEY_COUNTER' })
  expect(await countSessions()).toBe(sessions)
  expect(Number((await passkeyRows())[0]?.sign_count)).toBe(counted + 100)
  await world.database.kysely
    .updateTable('staff_methods')
    .set({ sign_count: counted })
    .where('kind', '=', 'passkey')
    .execute()
  expect((await signedIn()).code).toBeUndefined()
}, 180_000)

it('adds a passkey once, for herself alone, and with a fresh signature', async () => {
  const { passphrase } = personOf('devi')
  const session = await StaffSession.open(
    world.client,
    { org: ORG, handle: 'devi', passphrase, origin: originOf(site) },
    solve,
  )
  const made = bodyOf('passkeys.add').payload
  await expect(
    world.client.passkeys.add({ ...bodyOf('passkeys.add'), session: session.token }),
  ).rejects.toThrow(refusedWith('STAFF_FRESH'))
  const ofAina = await session.confirm(passkeys.add, {
    ...made,
    method: { ...made.method, staff: personOf('aina').staff },
  })
  await expect(world.client.passkeys.add(ofAina)).rejects.toThrow(refusedWith('STAFF_METHOD'))
  const { value } = await added('devi')
  const again = await session.confirm(passkeys.add, bodyOf('passkeys.add').payload)
  await expect(world.client.passkeys.add(again)).rejects.toThrow(refusedWith('PASSKEY_INVALID'))
  const { passkeys: own } = await world.client.passkeys.list({ session: session.token })
  expect(own.map(({ methodId }) => methodId)).toEqual([value?.['methodId']])
}, 180_000)

it('takes a passkey away with the sessions that began with it, and not another person’s', async () => {
  await devtools.send('WebAuthn.clearCredentials', { authenticatorId })
  const { value: made } = await added('devi')
  const { value: byPasskey } = await signedIn()
  const remove = async (handle: string, methodId: string) => {
    const { passphrase } = personOf(handle)
    const session = await StaffSession.open(
      world.client,
      { org: ORG, handle, passphrase, origin: originOf(site) },
      solve,
    )
    await world.client.passkeys.remove(await session.confirm(passkeys.remove, { methodId }))
  }
  const methodId = made?.['methodId'] ?? ''
  await remove('aina', methodId)
  expect(await world.client.passkeys.list({ session: byPasskey?.['token'] ?? '' })).toHaveProperty('passkeys')
  await remove('devi', methodId)
  await expect(world.client.passkeys.list({ session: byPasskey?.['token'] ?? '' })).rejects.toThrow(
    refusedWith('STAFF_SESSION'),
  )
  expect(await signedIn()).toEqual({ code: 'STAFF_LOGIN_REFUSED' })
}, 180_000)

it('says so when nobody proves to be there, and when the device keeps no secrets with passkeys', async () => {
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  expect(await signedIn()).toEqual({ code: 'PASSKEY_NOT_CHOSEN' })
  await useAuthenticator({ hasPrf: false })
  expect(await added('devi')).toEqual({ code: 'PASSKEY_NO_SECRET' })
}, 180_000)
