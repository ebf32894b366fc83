// Tools of the system that the tests drive. On Debian as root they are installed; otherwise we say exactly what to install.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const TOOLS = [
  {
    name: 'chromium',
    paths: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
    debian: 'chromium',
  },
  { name: 'sha256sum', paths: [], debian: 'coreutils' },
  { name: 'zip', paths: [], debian: 'zip' },
  { name: 'unzip', paths: [], debian: 'unzip' },
  { name: 'openssl', paths: [], debian: 'openssl' },
  { name: 'ssh-keygen', paths: [], debian: 'openssh-client' },
  { name: 'age', paths: [], debian: 'age' },
  { name: 'qpdf', paths: [], debian: 'qpdf' },
  { name: 'pdftotext', paths: [], debian: 'poppler-utils' },
  { name: 'jq', paths: [], debian: 'jq' },
  { name: '7zz', paths: [], debian: '7zip' },
  { name: 'bsdtar', paths: [], debian: 'libarchive-tools' },
  { name: 'busybox', paths: [], debian: 'busybox' },
  { name: 'rhash', paths: [], debian: 'rhash' },
  { name: 'python3', paths: ['/usr/bin/python3'], debian: 'python3' },
  {
    name: 'rdflib of Python',
    paths: ['/usr/lib/python3/dist-packages/rdflib/__init__.py'],
    debian: 'python3-rdflib',
  },
  { name: 'go', paths: [], debian: 'golang-go' },
  {
    name: 'golang.org/x/mod',
    paths: ['/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog'],
    debian: 'golang-golang-x-mod-dev',
  },
  { name: 'PostgreSQL 15', paths: ['/usr/lib/postgresql/15/bin/postgres'], debian: 'postgresql-15' },
  { name: 'radosgw', paths: [], debian: 'radosgw' },
  { name: 'ceph-mon', paths: [], debian: 'ceph-mon' },
  { name: 'ceph-osd', paths: [], debian: 'ceph-osd' },
]

/** Makes sure every tool is there and returns where Chromium is. Ends the process with what to do when one cannot be had. */
export function ensureTools() {
  const missing = TOOLS.filter((tool) => !find(tool))
  if (missing.length > 0) {
    const packages = missing.map((tool) => tool.debian)
    if (process.getuid?.() === 0 && find({ name: 'apt-get', paths: [] })) aptInstall(packages)
    const still = missing.filter((tool) => !find(tool))
    if (still.length > 0) {
      console.error(`The tests need: ${still.map((tool) => tool.name).join(', ')}.`)
      console.error(`On Debian or Ubuntu:  sudo apt-get install ${packages.join(' ')}`)
      console.error('A Chromium elsewhere is used when SAKSI_CHROMIUM names its program file.')
      process.exit(2)
    }
  }
  return find(TOOLS[0])
}

function find({ name, paths }) {
  const named = name === 'chromium' ? process.env.SAKSI_CHROMIUM : undefined
  if (named) return existsSync(named) ? named : undefined
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))
  return [...paths, ...onPath].find((path) => existsSync(path))
}

function aptInstall(packages) {
  console.error(`Installing for the tests: ${packages.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env })
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
}
