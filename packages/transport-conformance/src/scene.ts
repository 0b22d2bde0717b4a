import type { Address } from '@mudwire/core'
import type { Fixture, RawPeer } from './fixture.ts'
import { type Hearing, Reception } from './hearing.ts'

/** A listener, and a way to get pairs of a link and the client at its other end. */
export interface Scene {
  readonly fixture: Fixture
  readonly reception: Reception
  readonly address: Address
  pair(): Promise<{ readonly link: Hearing; readonly peer: RawPeer }>
}

/** Sets a scene, plays in it, and takes it down whatever happens. */
export async function play(
  setup: () => Fixture | Promise<Fixture>,
  act: (scene: Scene) => Promise<void>,
): Promise<void> {
  const fixture = await setup()
  const { transport } = fixture
  if (!transport.listen) throw new Error(`The fixture's transport '${transport.name}' does not listen.`)
  const reception = new Reception()
  const listening = await transport.listen(reception, {})
  reception.listening = listening
  const address = listening.addresses[0]
  if (!address) throw new Error('A listener says where it listens.')
  const open: { abort(): void }[] = []
  const peers: RawPeer[] = []
  try {
    await act({
      fixture,
      reception,
      address,
      async pair() {
        const peer = await fixture.dial(address)
        peers.push(peer)
        const link = await reception.next()
        open.push(link.link)
        return { link, peer }
      },
    })
  } finally {
    for (const link of open) link.abort()
    for (const peer of peers) peer.reset()
    listening.close()
    await fixture.close?.()
  }
}
