import type { Address } from '@mudwire/core'
import { makeLocalhost } from '@mudwire/test-support/certificates'
import { dialTcp, dialTls, type Wire } from '@mudwire/test-support/raw-socket'
import { spoilHandshake } from '@mudwire/test-support/spoil-handshake'
import { type RawPeer, transportConformance } from '@mudwire/transport-conformance'
import { tcp, tls } from '@mudwire/transport-tcp'
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

const { authority, certificate } = await makeLocalhost()

transportConformance({
  name: 'telnet over tls',
  capabilities: { shape: 'stream', halfClose: true, resets: 'while-reading', secure: true, handshake: true },
  setup: () => ({
    transport: telnet(tls({ port: 0, certificates: [certificate] }), BYTES),
    dial: (address) => dialTls(address, { ca: authority.cert, host: '127.0.0.1' }, escaped()),
    connector: ({ port = 0 }) => telnet(tls({ port, ca: authority.cert }), { ...BYTES, side: 'client' }),
    rival: ({ port = 0 }) => telnet(tls({ port, certificates: [certificate] }), BYTES),
    botch: spoilHandshake,
  }),
})

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

function dialTelnet(address: Address): Promise<RawPeer> {
  return dialTcp(address, escaped())
}

/** A client that escapes what it sends and answers no option: it shares no code with the layer. */
function escaped(): Wire {
  const [encoder, decoder] = [new WireEncoder(), new WireDecoder()]
  return {
    encode: (data) => encoder.encode(data),
    decode: (chunk) => decoder.decode(chunk),
  }
}
