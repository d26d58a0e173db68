namespace AgentHost.Postgres.Catalog;

/// <summary>An object of a catalog: the catalog's own number and the object's.</summary>
internal readonly record struct CatalogId(uint Catalog, uint Oid)
{
    public const uint Type = 1247, Function = 1255, Relation = 1259, Default = 2604, Constraint = 2606, Rule = 2618, Trigger = 2620, Schema = 2615,
        Extension = 3079, Policy = 3256, Statistics = 3381, Collation = 3456;
}

/// <summary>When an object is made if nothing that depends on it or that it depends on says otherwise.</summary>
internal enum DdlStage
{
    Schema, Extension, Collation, Type, Function, Cast, Sequence, Table, DomainCheck, SequenceOwner, Default, Check, Attach, View, Key, Index, AttachIndex,
    Statistics, ForeignKey, TableOption, Rule, Trigger, TriggerState, Policy, Refresh, Grant,
}

/// <summary>A statement of the schema and the object that it makes.</summary>
/// <param name="Id">The object; with a catalog of 0 a step that makes none.</param>
/// <param name="Stage">Its place among others.</param>
/// <param name="Name">Its name, by which those of one stage are ordered.</param>
/// <param name="Sql">The statement without its semicolon.</param>
/// <param name="Needs">Relations that the catalog does not name as its dependencies but must be there.</param>
internal sealed record DdlItem(CatalogId Id, DdlStage Stage, string Name, string Sql, uint[] Needs);

/// <summary>That an object needs another (a row of <c>pg_depend</c>).</summary>
internal sealed record Dependency(CatalogId From, CatalogId To, char Kind);
