import { transportConformance } from '@mudwire/transport-conformance'
import { tcp } from '@mudwire/transport-tcp'
import { telnet } from '../src/index.ts'
import { dialTelnet } from './support/raw-telnet.ts'

/* The rules send every byte there is, so the layer is told to take none of them for Latin-1. */
const BYTES = { charset: 'utf-8' } as const

for (const compression of [false, true]) {
  transportConformance({
    name: `telnet over tcp${compression ? ', compressed between its own two sides' : ''}`,
    capabilities: { shape: 'stream', halfClose: true },
    setup: () => ({
      transport: telnet(tcp({ port: 0 }), { ...BYTES, compression }),
      dial: dialTelnet,
      connector: ({ port = 0 }) => telnet(tcp({ port }), { ...BYTES, compression, side: 'client' }),
      rival: ({ port = 0 }) => telnet(tcp({ port }), BYTES),
    }),
  })
}
