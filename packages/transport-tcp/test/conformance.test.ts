import { transportConformance } from '@mudwire/transport-conformance'
import { tcp } from '../src/index.ts'
import { dialTcp } from './support/raw-tcp.ts'

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
