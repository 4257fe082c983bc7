using System.Text.RegularExpressions;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Settings;

public sealed partial class SettingDocsTests
{
    [Fact]
    public void Every_setting_that_is_read_is_documented()
    {
        var docs = File.ReadAllText(RepositoryFolder.PathOf("docs", "security.md"));
        string[] sources = ["SettingsReader.cs", "EventsSettings.cs", "KeyVaultSettings.cs", "OAuthSettings.cs", "HandlerSettings.cs"];
        var code = string.Concat(sources.Select(file => File.ReadAllText(RepositoryFolder.PathOf("Vorel.Functions", "Settings", file))));
        var names = SettingName().Matches(code).Select(match => match.Value.Trim('"'))
            .Concat(SpanName().Matches(code).Select(match => "Vorel__" + match.Groups["name"].Value))
            .Append(Core.Security.Egress.DevelopmentHosts.SettingName)
            .Append(Core.Security.ApiKeys.ApiKeyHasher.SettingName)
            .Append(Core.Security.IndexKey.SettingName)
            .Append(Core.Security.Envelopes.LocalEnvelopeProtector.SettingName)
            .Distinct()
            .ToList();
        Assert.InRange(names.Count, 18, 60);
        Assert.All(names, name => Assert.Contains($"`{name}`", docs, StringComparison.Ordinal));
    }

    [GeneratedRegex("\"[A-Z]+(_[A-Z]+)+\"|\"AzureWebJobsStorage\"|\"ServiceBusConnection[A-Za-z_]*\"|\"Vorel__[A-Za-z]+\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingName();

    [GeneratedRegex("Span\\(\"(?<name>[A-Za-z]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SpanName();
}
