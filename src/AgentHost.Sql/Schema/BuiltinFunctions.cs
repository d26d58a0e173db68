using System.Collections.Frozen;

namespace AgentHost.Sql;

/// <summary>Which of PostgreSQL's own functions, and of the extensions that defaults use, are volatile (<c>pg_proc.provolatile</c>, version 17).</summary>
internal static class BuiltinFunctions
{
    private static readonly Lazy<FrozenSet<string>> Volatile = new(() => Set("""
        array_sample array_shuffle clock_timestamp current_query currval gen_random_bytes gen_random_uuid gen_salt lastval nextval
        pg_advisory_lock pg_advisory_xact_lock pg_current_wal_lsn pg_notify pg_sleep pg_sleep_for pg_sleep_until random random_normal
        set_config setseed setval timeofday txid_status uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuidv4 uuidv7
        """));

    private static readonly Lazy<FrozenSet<string>> Steady = new(() => Set("""
        abbrev abs acldefault aclexplode acos acosd acosh age area array array_dims array_fill array_lower array_ndims array_position
        array_positions array_remove array_replace array_to_json array_to_string array_to_tsvector array_upper ascii asin asind asinh atan
        atan2 atan2d atand atanh bit bit_count bitcmp bittypmodin bool booland_statefunc boolor_statefunc bound_box box bpchar bpcharcmp
        bpchartypmodin broadcast byteacmp cardinality cash_words cashlarger cashsmaller cbrt ceil ceiling center char chr cidr circle
        coalesce col_description concat concat_ws convert convert_from convert_to cos cosd cosh cot cotd crypt current_catalog
        current_database current_date current_role current_schema current_schemas current_setting current_time current_timestamp
        current_user database_to_xml database_to_xml_and_xmlschema database_to_xmlschema date date_part date_trunc datemultirange
        daterange daterange_canonical daterange_subdiff decode degrees dexp diagonal diameter digest div dlog1 dlog10 dround dtrunc encode
        enum_first enum_last enum_range erf erfc exp extract factorial family float4 float4larger float4smaller float8 float8larger
        float8smaller floor fmgr_c_validator fmgr_sql_validator format format_type gcd generate_series generate_subscripts get_bit
        get_byte get_current_ts_config getdatabaseencoding getpgusername greatest has_any_column_privilege has_column_privilege
        has_database_privilege has_foreign_data_wrapper_privilege has_function_privilege has_language_privilege has_parameter_privilege
        has_schema_privilege has_sequence_privilege has_server_privilege has_table_privilege has_tablespace_privilege has_type_privilege
        height hmac host hostmask icu_unicode_version in_range inet_client_addr inet_client_port inet_merge inet_same_family
        inet_server_addr inet_server_port initcap int2 int2int4_sum int2larger int2smaller int4 int4inc int4larger int4multirange
        int4range int4range_canonical int4range_subdiff int4smaller int8 int8dec int8dec_any int8inc int8inc_any int8inc_float8_float8
        int8larger int8multirange int8range int8range_canonical int8range_subdiff int8smaller interval intervaltypmodin is_normalized
        isclosed isempty isfinite ishorizontal isopen isparallel isperp isvertical json_array_elements json_array_elements_text
        json_build_array json_build_object json_each json_each_text json_object json_object_keys json_populate_record
        json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_to_tsvector json_typeof jsonb_array_elements
        jsonb_array_elements_text jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_hash jsonb_hash_extended
        jsonb_object jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query
        jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz
        jsonb_populate_record jsonb_populate_record_valid jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls
        jsonb_to_record jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours lcm least left length like
        like_escape line ln localtime localtimestamp log log10 lower lpad lseg ltrim macaddr macaddr8 macaddr8_set7bit make_date make_time
        make_timestamp make_timestamptz makeaclitem masklen md5 min_scale mod money multirange mxid_age name nameconcatoid netmask network
        normalize notlike now npoints nullif num_nonnulls num_nulls numeric numerictypmodin nummultirange numnode numrange
        numrange_subdiff obj_description oid oidlarger oidsmaller oidvectortypes overlaps overlay parse_ident path pclose
        pg_get_serial_sequence pg_typeof phraseto_tsquery pi plainto_tsquery point polygon popen position postgresql_fdw_validator pow
        power querytree quote_ident quote_literal quote_nullable radians radius regclass regexp_count regexp_like regexp_match
        regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat replace reverse right round row
        row_security_active row_to_json rpad rtrim scale schema_to_xml schema_to_xml_and_xmlschema schema_to_xmlschema session_user
        set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 shobj_description sign similar_escape similar_to_escape sin
        sind sinh slope split_part sqrt statement_timestamp string_to_array string_to_table strip strpos substr substring system_user
        table_to_xml table_to_xml_and_xmlschema table_to_xmlschema tan tand tanh text textlen tidlarger tidsmaller time timestamp
        timestamptypmodin timestamptz timestamptztypmodin timetypmodin timetz timetztypmodin timezone to_ascii to_bin to_char to_date
        to_hex to_json to_jsonb to_number to_oct to_regclass to_regcollation to_regnamespace to_regoper to_regoperator to_regproc
        to_regprocedure to_regrole to_regtype to_regtypemod to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array
        trim_scale trunc tsmultirange tsrange tsrange_subdiff tstzmultirange tstzrange tstzrange_subdiff txid_current
        txid_current_if_assigned txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin unicode_assigned
        unicode_version unistr unnest upper user uuid_extract_timestamp uuid_extract_version uuid_hash uuid_hash_extended varbit varbitcmp
        varbittypmodin varchar varchartypmodin version websearch_to_tsquery width width_bucket xid xid8cmp xpath xpath_exists
        """));

    /// <summary>Whether the function is volatile; null where there is none of that name.</summary>
    public static bool? IsVolatile(string name) => Volatile.Value.Contains(name) ? true : Steady.Value.Contains(name) ? false : null;

    private static FrozenSet<string> Set(string names) =>
        names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
