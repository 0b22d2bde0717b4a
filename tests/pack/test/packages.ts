import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url))

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
}

/** The packages that are published, by their folder's name. */
export function publishable(): readonly { readonly folder: string; readonly manifest: Manifest }[] {
  return readdirSync(join(ROOT, 'packages'))
    .map((name) => join(ROOT, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => !manifest.private)
}

/** A folder outside the workspace, where nothing of it can be found by accident. */
export function emptyFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'mudwire-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Runs a program to its end and returns what it prints; when it fails, that is in the error. */
export async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, npm_config_yes: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [status] = await closed
  if (status === 0) return stdout
  throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`)
}

/** Runs the pnpm that runs the tests, or else the one that everybody runs. */
export function pnpm(args: readonly string[], cwd: string): Promise<string> {
  const own = process.env.npm_execpath ?? ''
  if (basename(own).startsWith('pnpm')) return run(own, args, cwd)
  return run('npx', ['pnpm@12', ...args], cwd)
}

/** Packs every package that is published and returns the tarballs by the package's name. */
export async function packAll(destination: string): Promise<ReadonlyMap<string, string>> {
  const tarballs = new Map<string, string>()
  for (const { folder, manifest } of publishable()) {
    await pnpm(['pack', '--pack-destination', destination], folder)
    const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
    tarballs.set(manifest.name, join(destination, file))
  }
  return tarballs
}
