import type { Address } from '@mudwire/core'
import { dialTcp } from '@mudwire/test-support/raw-socket'
import { type RawPeer, transportConformance } from '@mudwire/transport-conformance'
import { tcp } from '@mudwire/transport-tcp'
import { answerStrangers, telnet } from '../src/index.ts'
import { WireDecoder, WireEncoder } from './support/wire.ts'

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

transportConformance({
  name: 'tcp with strangers answered',
  capabilities: { shape: 'stream', halfClose: true },
  setup: () => ({
    transport: answerStrangers(tcp({ port: 0 })),
    dial: dialTcp,
    connector: ({ port = 0 }) => tcp({ port }),
    rival: ({ port = 0 }) => answerStrangers(tcp({ port })),
  }),
})

/** A TCP client that escapes what it sends and answers no option: it shares no code with the layer. */
function dialTelnet(address: Address): Promise<RawPeer> {
  const [encoder, decoder] = [new WireEncoder(), new WireDecoder()]
  return dialTcp(address, {
    encode: (data) => encoder.encode(data),
    decode: (chunk) => decoder.decode(chunk),
  })
}
