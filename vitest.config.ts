import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

// Tests of `src/lib`, `src/domain` and `src/contract` run twice, in Node and in Chromium: the same file, no second version.
// `program` tests drive the built program from outside.
export default defineConfig({
  test: {
    // Many tests wait for a disk, a database or a killed program: one at a time would leave the machine idle.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'node',
          include: ['src/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'program',
          include: ['test/**/*.test.ts'],
          globalSetup: 'test/build-once.ts',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // Named, because a dependency that is met only during a run makes the page load again.
        optimizeDeps: {
          include: [
            '@noble/hashes/sha2.js',
            '@noble/hashes/hmac.js',
            '@noble/hashes/hkdf.js',
            '@noble/hashes/argon2.js',
            '@noble/ciphers/chacha.js',
            'age-encryption',
            'hash-wasm',
            'shamir-secret-sharing',
            '@noble/curves/ed25519.js',
            'fast-check',
          ],
        },
        test: {
          name: 'chromium',
          include: ['src/{lib,domain,contract}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: process.env['SAKSI_CHROMIUM'] ?? '/usr/bin/chromium',
                args: chromiumArgs,
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
