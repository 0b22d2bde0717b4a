import { type Layer, layer, type Transport } from '@mudwire/core'
import { Sweep } from './sweep.ts'
import { TelnetLink } from './telnet-link.ts'
import { type TelnetOptions, withDefaults } from './telnet-options.ts'
import { zlib } from './zlib.ts'

/** How often what takes too long is looked for. */
const SWEEP_MS = 500

/**
 * Puts telnet on every link of a transport whose links are streams of bytes.
 *
 * ```ts
 * owner.listen(telnet(tcp({ port: 4000 })), { accepted: (offer) => void offer.acquire(login) })
 * owner.connect(telnet(tcp({ port: 4000 }), { side: 'client' }), handlers)
 * ```
 *
 * @throws TypeError for options that mean nothing.
 */
export function telnet<Below extends Transport>(transport: Below, options: TelnetOptions = {}): Below {
  // A layer keeps what a transport can do, and nothing else is in its type.
  return layer(transport, telnetLayer(options)) as Below
}

/** Telnet as a layer: a function from a stream link to a link that speaks telnet. Its links share their timers. */
export function telnetLayer(options: TelnetOptions = {}): Layer {
  const settings = withDefaults(options)
  const { clock, keepAliveMs } = settings
  const parts = {
    settings,
    codec: zlib,
    awaiting: new Sweep<TelnetLink>(clock, SWEEP_MS, (link, now) => link.sweep(now)),
    keptAlive:
      keepAliveMs === 0 ? undefined : new Sweep<TelnetLink>(clock, keepAliveMs, (link) => link.stayAlive()),
  }
  return (link) => new TelnetLink(link, parts)
}
