import type { Link, ListenerSink, Transport } from './transport.ts'

/** A function from link to link: telnet, compression, a wire format. It must keep every rule of {@link Link}. */
export type Layer = (link: Link) => Link

/**
 * Puts a layer on every link of a transport, whichever side made it.
 *
 * ```ts
 * const transport = layer(tcp({ port: 4000 }), shout)
 * ```
 */
export function layer(transport: Transport, wrap: Layer): Transport {
  const { listen, connect, bind } = transport
  return {
    name: transport.name,
    ...(listen && { listen: (sink, options) => listen.call(transport, wrapSink(sink, wrap), options) }),
    ...(connect && { connect: async (options) => wrap(await connect.call(transport, options)) }),
    ...(bind && { bind: (options) => bind.call(transport, options) }),
  }
}

function wrapSink(sink: ListenerSink, wrap: Layer): ListenerSink {
  return {
    admit: (remote) => sink.admit(remote),
    accept: (link) => sink.accept(wrap(link)),
    failed: (error) => sink.failed(error),
    close: (reason) => sink.close(reason),
  }
}
