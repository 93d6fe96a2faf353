// Imports every package named as an argument and fails when one exports nothing.
const names = process.argv.slice(2);
for (const name of names) {
  const exported = Object.keys(await import(name));
  if (exported.length === 0) throw new Error(`${name} exports nothing`);
}
