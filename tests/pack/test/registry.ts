import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { runServer } from 'verdaccio'

export interface Registry {
  readonly url: string
  /** The npm settings with which a command publishes to it and installs from it. */
  readonly npmrc: string
  close(): Promise<void>
}

/** A registry on loopback for `@mudwire` alone; everything else still comes from where npm is set to. */
export async function startRegistry(folder: string): Promise<Registry> {
  const handler = await runServer({
    self_path: folder,
    storage: join(folder, 'storage'),
    uplinks: {},
    packages: { '@mudwire/*': { access: '$all', publish: '$all', unpublish: '$all' } },
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
  } as unknown as Parameters<typeof runServer>[0])
  const server = handler as Server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/`
  return {
    url,
    // Publishing asks for a token, even where anybody may publish.
    npmrc: `@mudwire:registry=${url}\n//127.0.0.1:${port}/:_authToken=nobody\n`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
