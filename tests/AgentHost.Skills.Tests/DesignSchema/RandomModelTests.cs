using System.Text.Json;
using System.Text.Json.Nodes;
using AgentHost.Skills.DesignSchema;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Skills.Tests.DesignSchema;

public sealed class RandomModelTests
{
    private const int Models = 20;

    [Fact]
    public void Any_sound_model_goes_up_down_and_up_again_and_keeps_its_tenants_apart()
    {
        var seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();
        Prop.ForAll(seeds, seed =>
        {
            var (model, version) = RandomModel.Make(seed);
            try
            {
                var result = DesignSchemaEngine.RunAsync(new DesignRequest(model) { PgVersion = version }).GetAwaiter().GetResult();
                Assert.True(result.Proof.UpAgain);
            }
            catch (SkillInputException e)
            {
                Assert.Fail($"{e.Message}\nfor PostgreSQL {version}:\n{model}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Models));
    }

    /// <summary>Entity graphs with circles, self references, reserved and long names, every type and option.</summary>
    internal static class RandomModel
    {
        private static readonly string[] EntityNames =
        [
            "user", "order", "group", "select", "table", "Primary Key", "größe", "ProjectTask", "line item", "category", "box", "analyse", "a",
            "an_entity_whose_name_leaves_hardly_any_room_for_a_suffix_ab", "another_entity_with_an_exceedingly_long_name_that_must_be_cut",
        ];

        private static readonly string[] AttributeNames =
            ["end", "default", "name", "Amount Due", "when", "check", "währung", "value", "x", "an_attribute_whose_name_is_so_long_that_every_index_is_cut_ab", "desc", "limit"];

        private static readonly string[] Types =
        [
            "text", "text(40)", "long text", "slug", "email", "url", "phone", "currency", "country", "money", "decimal(12,3)", "decimal", "percent", "float",
            "integer", "bigint", "boolean", "instant", "date", "time", "duration", "json", "uuid", "bytes", "ip", "enum of [a, b, it's]",
            "enum of [a, b, c, d, e, f, g, h, i, j, k, l]",
        ];

        public static (string Text, int Version) Make(int seed)
        {
            var random = new Random(seed);
            var names = random.GetItems(EntityNames, random.Next(1, 8)).Distinct(StringComparer.Ordinal).ToArray();
            var tenanted = random.Next(2) == 0;
            var attributes = names.ToDictionary(n => n, _ => random.GetItems(AttributeNames, random.Next(0, 6)).Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
            var relationships = new JsonArray();
            var roles = names.ToDictionary(n => n, _ => new List<string>(), StringComparer.Ordinal);
            for (var i = random.Next(0, 8); i > 0; i--)
                relationships.Add((JsonNode)Relationship(random, names, roles, $"role {i}"));
            var model = new JsonObject
            {
                ["name"] = "random model",
                ["options"] = new JsonObject { ["keys"] = random.Next(2) == 0 ? "identity" : "uuid", ["softDelete"] = random.Next(2) == 0 },
                ["entities"] = new JsonArray([.. names.Select(n => (JsonNode)Entity(random, n, names, attributes[n]))]),
                ["relationships"] = relationships,
                ["accessPatterns"] = new JsonArray([.. Enumerable.Range(0, random.Next(0, 6)).Select(i => (JsonNode)Pattern(random, i, names, attributes, roles))]),
            };
            if (tenanted)
                model["tenancy"] = new JsonObject { ["mode"] = "shared", ["entity"] = names[0] };
            return (model.ToJsonString(new JsonSerializerOptions { WriteIndented = true }), random.Next(14, 19));
        }

        private static JsonObject Entity(Random random, string name, string[] names, string[] attributes)
        {
            var entity = new JsonObject { ["name"] = name, ["description"] = "It's a \"test\"\nof two lines; -- $$" };
            if (name != names[0] && random.Next(4) == 0)
                entity["tenanted"] = false;
            if (random.Next(4) == 0)
                entity["key"] = random.Next(2) == 0 ? "identity" : "uuid";
            entity["attributes"] = new JsonArray([.. attributes.Select(a => (JsonNode)new JsonObject
            {
                ["name"] = a, ["type"] = random.GetItems(Types, 1)[0], ["required"] = random.Next(2) == 0, ["unique"] = random.Next(4) == 0,
            })]);
            return entity;
        }

        /// <summary>Required only from an earlier entity to a later one, so that no circle is all required.</summary>
        private static JsonObject Relationship(Random random, string[] names, Dictionary<string, List<string>> roles, string role)
        {
            int from = random.Next(names.Length), to = random.Next(names.Length);
            var relationship = new JsonObject { ["from"] = names[from], ["to"] = names[to], ["as"] = role };
            switch (random.Next(3))
            {
                case 0:
                    relationship["type"] = "many-to-many";
                    relationship["through"] = $"{role} pairs";
                    relationship["attributes"] = new JsonObject { ["note"] = "text(50)", ["kind"] = "enum of [x, y]" };
                    return relationship;
                case var kind:
                    relationship["type"] = kind == 1 ? "one-to-many" : "one-to-one";
                    var required = from < to && random.Next(2) == 0;
                    relationship["required"] = required;
                    relationship["onDelete"] = random.GetItems<string>(required ? ["restrict", "cascade", "no action"] : ["restrict", "cascade", "set null"], 1)[0];
                    roles[names[to]].Add(role);
                    return relationship;
            }
        }

        private static JsonObject Pattern(Random random, int number, string[] names, Dictionary<string, string[]> attributes, Dictionary<string, List<string>> roles)
        {
            var entity = names[random.Next(names.Length)];
            var known = attributes[entity].Concat(roles[entity]).Append("id").Append("created_at").ToArray();
            random.Shuffle(known);
            var filter = known.Take(random.Next(0, 3)).ToArray();
            var pattern = new JsonObject { ["name"] = $"pattern {number}", ["entity"] = entity };
            pattern["filter"] = new JsonArray([.. filter.Select(f => (JsonNode)f)]);
            pattern["sort"] = new JsonArray([.. known.Skip(1).Take(random.Next(1, 3)).Select(s => (JsonNode)(random.Next(2) == 0 ? s : $"-{s}"))]);
            if (random.Next(3) == 0 && known.Except(filter, StringComparer.Ordinal).FirstOrDefault() is { } range)
                pattern["range"] = range;
            return pattern;
        }
    }
}
