using System.Text.RegularExpressions;
using Observe.Agent.Configuration;
using Observe.Agent.Configuration.Files;
using Observe.Agent.Configuration.Keys;
using Observe.Agent.Configuration.Options;
using Observe.Tests;

namespace Observe.Agent.Tests.Configuration;

public sealed partial class ConfigurationFilesTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"observe-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Example_Written_IsTheOneOfThePackage() => Golden.ShouldMatch(ExampleFile.Write(), "deploy/observe.yaml");

    [Fact]
    public void Schema_Written_IsTheOneOfThePackage() => Golden.ShouldMatch(SchemaFile.Write(), "deploy/observe.schema.json");

    [Fact]
    public void Example_AsItIs_SetsNothing()
    {
        var result = Load(ExampleFile.Write());

        result.Errors.ShouldBeEmpty();
        result.Origins.ShouldBeEmpty();
    }

    [Fact]
    public void Example_Uncommented_SetsEveryDefault()
    {
        var yaml = Uncommented();

        var result = Load(yaml);

        result.Errors.ShouldBeEmpty();
        var defaults = new ObserveOptions();
        foreach (var key in ConfigurationSchema.Keys)
        {
            key.Format(result.Options).ShouldBe(key.Format(defaults), key.Path);
            result.Origins.ContainsKey(key.Path).ShouldBe(key.Format(defaults).Count > 0, key.Path);
        }
    }

    /// <summary>A value of one key is put where the example has the key: the agent finds it under the key's own name.</summary>
    [Fact]
    public void Example_EachKeyAlone_StandsInItsSection()
    {
        var lines = ExampleFile.Write().Split('\n');
        var at = lines.Index().Where(each => Option().IsMatch(each.Item)).Select(each => each.Index).ToList();
        at.Count.ShouldBe(ConfigurationSchema.Keys.Count);
        foreach (var (key, line) in ConfigurationSchema.Keys.Zip(at))
        {
            var changed = lines.ToArray();
            changed[line] = Option().Replace(lines[line][..(lines[line].IndexOf(':', StringComparison.Ordinal) + 1)], "$1$2") + (key.Shape is KeyShape.Map ? " [x]" : " {x: y}");

            Load(string.Join('\n', changed)).Errors.ShouldHaveSingleItem().Path.ShouldBe(key.Path);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Schema_Example_IsValid(bool uncommented)
    {
        Assert.SkipWhen(SchemaJudge.Missing is not null, SchemaJudge.Missing ?? "");

        SchemaJudge.Judge(uncommented ? Uncommented() : ExampleFile.Write()).ShouldBeNull();
    }

    /// <summary>Of each key, a value of another form: the schema refuses what the agent refuses.</summary>
    [Fact]
    public void Schema_EachKey_RefusesWhatTheAgentRefuses()
    {
        Assert.SkipWhen(SchemaJudge.Missing is not null, SchemaJudge.Missing ?? "");
        foreach (var key in ConfigurationSchema.Keys)
        {
            string[] values = ["\"\"", "\" \\t\"", "nonsense or worse", "[[]]", "{\"a b\": {}}", "http://", "-x", .. key.Form.Range is null ? [] : new[] { "-1", "1.5", "99999999999" }];
            foreach (var value in values)
            {
                var yaml = $"{string.Join(": {", key.Path.Split('.'))}: {value}{new string('}', key.Path.Count(each => each == '.'))}";
                Agreement.Check(yaml, Load(yaml));
            }
        }
    }

    private static string Uncommented() => Option().Replace(ExampleFile.Write(), "$1$2");

    private ConfigurationResult Load(string yaml)
    {
        File.WriteAllText(file, yaml);
        return ConfigurationLoader.Load(new ConfigurationSources { File = file });
    }

    [GeneratedRegex("^( *)#([^ \n])", RegexOptions.Multiline)]
    private static partial Regex Option();
}
