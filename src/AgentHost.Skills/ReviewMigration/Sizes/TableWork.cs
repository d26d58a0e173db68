namespace AgentHost.Skills.ReviewMigration.Sizes;

/// <summary>Work that grows with a table.</summary>
internal enum TableWork
{
    /// <summary>Nothing that grows with it.</summary>
    None,

    /// <summary>All of it is read.</summary>
    Scan,

    /// <summary>All of it is read, and one index built.</summary>
    IndexBuild,

    /// <summary>All of it is read, and all its indexes are built anew.</summary>
    AllIndexes,

    /// <summary>All of it and of its indexes is written anew.</summary>
    Rewrite,

    /// <summary>All of it is read, and each row's key looked up in another table.</summary>
    ForeignKeyCheck,

    /// <summary>A large share of its rows is written anew, with their index entries.</summary>
    RowChanges,
}
