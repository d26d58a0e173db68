using System.Collections.Frozen;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>The types of PostgreSQL 17 and of the extensions that are common in columns, under their normalised names; none is a domain with constraints.</summary>
internal static class BuiltInTypes
{
    private static readonly Lazy<FrozenSet<string>> Names = new(() => """
        smallint,integer,bigint,real,double precision,numeric,decimal,boolean,text,character varying,character,"char",name,bytea,bit,bit varying,money,
        date,interval,timestamp without time zone,timestamp with time zone,time without time zone,time with time zone,
        json,jsonb,jsonpath,uuid,xml,inet,cidr,macaddr,macaddr8,point,line,lseg,box,path,polygon,circle,tsvector,tsquery,
        int4range,int8range,numrange,tsrange,tstzrange,daterange,int4multirange,int8multirange,nummultirange,tsmultirange,tstzmultirange,datemultirange,
        oid,regclass,regtype,regproc,regprocedure,regnamespace,regrole,xid,xid8,cid,tid,pg_lsn,pg_snapshot,txid_snapshot,
        citext,hstore,ltree,lquery,ltxtquery,vector,halfvec,sparsevec,geometry,geography,box2d,box3d,cube,seg,isbn,isbn13,ean13,ip4,ip4r,iprange,semver
        """.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Whether it is one of them, in whatever schema.</summary>
    public static bool Has(QualifiedName type) => Names.Value.Contains(type.Name);
}
