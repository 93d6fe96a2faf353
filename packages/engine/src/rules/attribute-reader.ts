import { isJsonObject, type AttributePath, type JsonObject, type JsonValue } from "@lotty/domain";

/** Reads one attribute; `undefined` when the subject does not have it. */
export type AttributeReader = (attributes: JsonObject) => JsonValue | undefined;

/**
 * Makes the reader of a path. A path walks nested objects only, never lists, and sees own properties only.
 *
 * Plain property access is several times faster than checking for own properties, and gives the same answer for plain
 * JSON objects unless the name also exists on `Object.prototype`; only such names pay for the check.
 */
export function attributeReader(path: AttributePath): AttributeReader {
  const [first = "", ...rest] = path;
  const readFirst = propertyReader(first);
  if (rest.length === 0) return readFirst;
  const readRest = rest.map(propertyReader);
  return (attributes) => {
    let value: JsonValue | undefined = readFirst(attributes);
    for (const read of readRest) {
      if (!isJsonObject(value)) return undefined;
      value = read(value);
    }
    return value;
  };
}

function propertyReader(name: string): AttributeReader {
  if (name in Object.prototype) return (object) => (Object.hasOwn(object, name) ? object[name] : undefined);
  return (object) => object[name];
}
