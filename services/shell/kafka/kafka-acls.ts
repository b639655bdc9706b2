/** Access rules of the brokers, one operation each. */
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes, type Admin } from 'kafkajs';

export interface AccessRule { readonly principal: string; readonly resource: 'topic' | 'group' | 'cluster'; readonly name: string; readonly pattern: 'literal' | 'prefixed'; readonly operation: string }

const resources = { topic: AclResourceTypes.TOPIC, group: AclResourceTypes.GROUP, cluster: AclResourceTypes.CLUSTER } as const;
const patterns = { literal: ResourcePatternTypes.LITERAL, prefixed: ResourcePatternTypes.PREFIXED } as const;
/** The client's own table has names alone, whatever its types say. */
const operations = AclOperationTypes as unknown as Readonly<Record<string, number>>;
const ANY_HOST = '*';

const nameIn = <Names extends Readonly<Record<string, number>>>(names: Names, value: number): keyof Names | undefined => Object.keys(names).find((name) => names[name] === value);

/** What principals are allowed, from any host; rules for resources that we do not use are left out. */
export async function accessRules(admin: Admin, principals: ReadonlySet<string>): Promise<AccessRule[]> {
  const { resources: found } = await admin.describeAcls({ resourceType: AclResourceTypes.ANY, resourcePatternType: ResourcePatternTypes.ANY, operation: AclOperationTypes.ANY, permissionType: AclPermissionTypes.ALLOW });
  return found.flatMap(({ resourceType, resourceName: name, resourcePatternType, acls }) => {
    const [resource, pattern] = [nameIn(resources, resourceType), nameIn(patterns, resourcePatternType)];
    if (resource === undefined || pattern === undefined) return [];
    return acls.filter(({ principal, host }) => principals.has(principal) && host === ANY_HOST)
      .map(({ principal, operation }) => ({ principal, resource, name, pattern, operation: nameIn(operations, operation) ?? String(operation) }));
  });
}

export async function allow(admin: Admin, rules: readonly AccessRule[]): Promise<void> {
  if (rules.length === 0) return;
  await admin.createAcls({
    acl: rules.map(({ principal, resource, name, pattern, operation }) => ({
      resourceType: resources[resource], resourceName: name, resourcePatternType: patterns[pattern], principal, host: ANY_HOST,
      operation: AclOperationTypes[operation as keyof typeof AclOperationTypes], permissionType: AclPermissionTypes.ALLOW,
    })),
  });
}
