/**
 * SQL of what results are split by: the property of the first exposure `f`, else the attribute with which the decision of that exposure was
 * taken, where attributes are on record. Lists and objects split nothing; attributes with a NUL cannot be read as JSON by the database.
 *
 * @param name SQL of the name, such as `$5::text`
 */
export function segmentSql(name: string): string {
  return `coalesce(f.segments ->> ${name}, (
    SELECT CASE WHEN json_typeof(a.attributes::json -> ${name}) IN ('string', 'number', 'boolean') THEN a.attributes::json ->> ${name} END
    FROM decisions AS d
    JOIN attribute_sets AS a ON a.environment_id = d.environment_id AND a.subject_id = d.subject_id AND a.digest = d.attributes_digest
    WHERE d.decision_id = f.decision_id AND strpos(a.attributes, '\\u0000') = 0 LIMIT 1
  ))`;
}
