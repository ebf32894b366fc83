import { defineConfig } from 'vite'

export default defineConfig({
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
