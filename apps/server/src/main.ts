#!/usr/bin/env node
import { readFile } from 'node:fs/promises'
import { formatAddress } from '@mudwire/core'
import { createLogger } from './log.ts'
import { helpText, readOptions, type ServerOptions } from './options.ts'
import { type RunningServer, startServer } from './server.ts'
import { StartError } from './start-error.ts'

/** When even the drain hangs: longer than it may take. */
const GIVE_UP_MS = 10_000

const invocation = readOptions(process.argv.slice(2), process.env)
switch (invocation.run) {
  case 'help':
    say(helpText())
    break
  case 'version':
    say(await version())
    break
  case 'nothing':
    complain(`${invocation.why} See mudwire --help.`)
    process.exitCode = 1
    break
  case 'server':
    await run(invocation.options)
}

async function run(options: ServerOptions): Promise<void> {
  const logger = createLogger()
  let server: RunningServer
  try {
    server = await startServer(options, logger)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    complain(error.message)
    process.exitCode = 1
    return
  }
  say(banner(server))

  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    // Whoever asks twice does not want to wait.
    if (stopping) process.exit(1)
    stopping = true
    logger.info({ signal }, 'stopping')
    setTimeout(() => process.exit(0), GIVE_UP_MS).unref()
    server.drain().then(() => logger.info('stopped'))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

/** Where to connect, in words that can be typed or clicked. */
function banner({ http, telnet, services }: RunningServer): string {
  const small = services.map(({ name, address }) => `${name} on port ${address.port}`).join(', ')
  return [
    '',
    'Mudwire is running.',
    '',
    `  In a browser   http://${formatAddress(http)}/`,
    `  By telnet      telnet ${telnet.address} ${telnet.port}`,
    `  For tests      ${small}`,
    '',
    'Ctrl+C stops it.',
    '',
  ].join('\n')
}

async function version(): Promise<string> {
  const manifest: { readonly version: string } = JSON.parse(
    await readFile(new URL('../package.json', import.meta.url), 'utf8'),
  )
  return manifest.version
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`)
}
