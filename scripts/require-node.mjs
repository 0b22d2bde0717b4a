// Says what is needed before anything else fails in a way that nobody understands.
const NEEDED = [20, 19]

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(`Mudwire needs Node ${NEEDED.join('.')} or newer; this is ${process.versions.node}.\n`)
  process.exit(1)
}
