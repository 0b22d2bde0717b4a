import { type Address, layer, type Transport } from '@mudwire/core'
import { cutterFor } from './cutter.ts'
import type { EfunContext } from './efun-context.ts'
import type { Mode } from './modes.ts'
import { ReadingLink } from './reading-link.ts'

/** A transport whose links are read as the mode wants; `arrived` is called when a connection waits to be accepted. */
export function listeningTransport(
  context: EfunContext,
  mode: Mode,
  transport: Transport,
  arrived: () => void,
): Transport {
  const reading = readingTransport(context, mode, transport, mode.carrier === 'tls')
  const { listen } = reading
  if (!listen) return reading
  return {
    ...reading,
    listen: (sink, options) =>
      listen(
        {
          admit: (remote) => sink.admit(remote),
          accept(link) {
            sink.accept(link)
            arrived()
          },
          failed: (error) => sink.failed(error),
          close: (reason) => sink.close(reason),
        },
        options,
      ),
  }
}

/** The same for connecting; `bound` is told the local address, if that is known at once. */
export function connectingTransport(
  context: EfunContext,
  mode: Mode,
  transport: Transport,
  bound: (local: Address) => void,
): Transport {
  const reading = readingTransport(context, mode, transport, true)
  const { connect } = reading
  if (!connect) return reading
  return { ...reading, connect: (options) => connect({ ...options, bound }) }
}

function readingTransport(
  { settings }: EfunContext,
  mode: Mode,
  transport: Transport,
  announces: boolean,
): Transport {
  const { clock, maxPacketBytes } = settings
  return layer(
    transport,
    (link) => new ReadingLink(link, { cutter: cutterFor(mode, maxPacketBytes), announces, clock }),
  )
}
