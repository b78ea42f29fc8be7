// Preloaded before the TypeScript starts, because an older Node would only say that it does not know the file extension.
const major = Number(process.versions.node.split('.')[0]);
if (major < 26) {
  console.error(
    `Accord runs on Node 26, which \`npm ci\` installs beside it; this is Node ${process.versions.node}.\n` +
      'Run `npm rebuild`, then try again. If that does not help, install Node 26 and run the same command.',
  );
  process.exit(1);
}
