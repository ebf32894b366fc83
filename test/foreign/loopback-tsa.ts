import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** A certificate authority and a time-stamp authority under it, made with openssl in a folder. */
export interface TestAuthority {
  roots: string
  chain: string
  /** A whole RFC 3161 reply to a query, by openssl. */
  reply(query: Uint8Array): Buffer
}

export interface AuthorityOptions {
  /** Extended key usage of the signing certificate. */
  usage?: string
  /** `YYYYMMDDHHMMSSZ`. */
  notBefore?: string
  notAfter?: string
  /** The root itself signs the authority's certificate; there is nothing between them. */
  isDirect?: boolean
}

const EXTENSIONS = (usage: string) => `basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=${usage}
`

export function makeAuthority(folder: string, options: AuthorityOptions = {}): TestAuthority {
  const at = (name: string) => join(folder, name)
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const subject = (name: string) => `/O=Saksi test/CN=${name}`
  writeFileSync(at('ca.ext'), 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n')
  writeFileSync(at('tsa.ext'), EXTENSIONS(options.usage ?? 'critical,timeStamping'))
  writeFileSync(at('index.txt'), '')
  writeFileSync(at('ca.cnf'), CA_CONFIG)
  for (const name of ['root', 'middle', 'tsa']) {
    run('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', `${name}.key`)
    run('req', '-new', '-key', `${name}.key`, '-subj', subject(name), '-out', `${name}.csr`)
  }
  const dates = [
    '-startdate',
    options.notBefore ?? '20200101000000Z',
    '-enddate',
    options.notAfter ?? '20400101000000Z',
  ]
  const wide = ['-startdate', '20100101000000Z', '-enddate', '20450101000000Z']
  const sign = (name: string, issuer: string, extension: string, validity: string[]) =>
    run(
      'ca',
      '-batch',
      '-notext',
      '-config',
      'ca.cnf',

      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      '-extfile',
      extension,
      ...validity,
      ...(issuer === name
        ? ['-selfsign', '-keyfile', `${name}.key`]
        : ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`]),
    )
  sign('root', 'root', 'ca.ext', wide)
  sign('middle', 'root', 'ca.ext', wide)
  sign('tsa', options.isDirect ? 'root' : 'middle', 'tsa.ext', dates)
  writeFileSync(at('tsa.cnf'), TSA_CONFIG)
  writeFileSync(at('serial'), '01\n')
  return {
    roots: readFileSync(at('root.pem'), 'utf8'),
    chain: options.isDirect ? '' : readFileSync(at('middle.pem'), 'utf8'),
    reply: (query) => {
      writeFileSync(at('q.tsq'), query)
      run('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'q.tsq', '-out', 'r.tsr')
      return readFileSync(at('r.tsr'))
    },
  }
}

const CA_CONFIG = `[ca]
default_ca = one
[one]
database = index.txt
rand_serial = yes
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
organizationName = optional
commonName = supplied
`

const TSA_CONFIG = `[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = middle.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

/** A server on this computer that answers time-stamp queries as `answer` says. */
export async function startServer(
  answer: (query: Buffer, response: ServerResponse) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => answer(Buffer.concat(parts), response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export function sendReply(response: ServerResponse, reply: Uint8Array): void {
  response.writeHead(200, { 'Content-Type': 'application/timestamp-reply' }).end(reply)
}
