import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLocalhost } from '@mudwire/test-support/certificates'
import { dialTcp, dialTls, dialUnix } from '@mudwire/test-support/raw-socket'
import { spoilHandshake } from '@mudwire/test-support/spoil-handshake'
import { transportConformance } from '@mudwire/transport-conformance'
import { afterAll } from 'vitest'
import { tcp, tls, unix } from '../src/index.ts'

for (const host of ['127.0.0.1', '::1']) {
  transportConformance({
    name: `tcp over ${host}`,
    capabilities: { shape: 'stream', halfClose: true },
    setup: () => ({
      transport: tcp({ host, port: 0 }),
      dial: dialTcp,
      connector: ({ port = 0 }) => tcp({ host, port }),
      rival: ({ port = 0 }) => tcp({ host, port }),
    }),
  })
}

const { authority, certificate } = await makeLocalhost()
const folder = mkdtempSync(join(tmpdir(), 'mudwire-'))
afterAll(() => rmSync(folder, { recursive: true }))

transportConformance({
  name: 'tls',
  capabilities: {
    shape: 'stream',
    halfClose: true,
    // What TLS has not read when a reset comes, it forgets, and the reset with it.
    resets: 'while-reading',
    secure: true,
    handshake: true,
  },
  setup: () => ({
    transport: tls({ port: 0, certificates: [certificate] }),
    dial: (address) => dialTls(address, { ca: authority.cert, host: '127.0.0.1' }),
    connector: ({ port = 0 }) => tls({ port, ca: authority.cert }),
    rival: ({ port = 0 }) => tls({ port, certificates: [certificate] }),
    botch: spoilHandshake,
  }),
})

let sockets = 0
const places = {
  'in a file': () => join(folder, `${sockets}.sock`),
  abstract: () => `@mudwire-test-${process.pid}-${sockets}`,
}
for (const [where, place] of Object.entries(places)) {
  if (where === 'abstract' && process.platform !== 'linux') continue
  transportConformance({
    name: `unix, ${where}`,
    capabilities: { shape: 'stream', halfClose: true, resets: false },
    setup: () => {
      sockets += 1
      const path = place()
      return {
        transport: unix({ path }),
        dial: dialUnix,
        connector: () => unix({ path }),
        rival: () => unix({ path }),
      }
    },
  })
}
