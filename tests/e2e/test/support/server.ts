import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('dist/main.js', import.meta.resolve('@mudwire/server/package.json')))

/** The built server as its own process, on free ports. */
export interface RunningServer {
  readonly process: ChildProcess
  readonly url: string
  readonly telnetPort: number
  readonly httpPort: number
  readonly echoPort: number
  readonly daytimePort: number
  /** What it wrote to standard error: the log. */
  readonly log: () => string
}

/** Runs the server's program to its end. */
export async function runToEnd(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...environment } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const [code] = await once(child, 'close')
  return { code, stdout: stdout(), stderr: stderr() }
}

/** Starts the server and waits until it says where it is. */
export async function startServer(
  args: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mudwire-e2e-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const accounts = join(folder, 'accounts.json')
  const free = ['--telnet-port', '0', '--http-port', '0', '--services-port-base', '0', '--accounts', accounts]
  const child = spawn(process.execPath, [MAIN, ...free, ...args], { env: { ...process.env, ...environment } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  while (!stdout().includes('Ctrl+C')) {
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    if (child.exitCode !== null) throw new Error(`The server ended: ${stderr()}`)
  }
  const banner = stdout()
  const number = (pattern: RegExp): number => Number(pattern.exec(banner)?.[1])
  const httpPort = number(/http:\/\/[^\s]+:(\d+)\//)
  return {
    process: child,
    url: `http://127.0.0.1:${httpPort}/`,
    telnetPort: number(/telnet \S+ (\d+)/),
    httpPort,
    echoPort: number(/echo on port (\d+)/),
    daytimePort: number(/daytime on port (\d+)/),
    log: stderr,
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.on('data', (chunk) => {
    text += chunk
  })
  return () => text
}
