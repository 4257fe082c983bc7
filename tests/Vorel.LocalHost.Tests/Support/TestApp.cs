using System.Text.Json;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Tests.Support;

/// <summary>A published app in a folder of its own: host.json and function.json files.</summary>
internal sealed class TestApp : IDisposable
{
    public TestApp(string hostJson = """{"customHandler":{"enableForwardingHttpRequest":true,"description":{"defaultExecutablePath":"handler"}}}""")
    {
        Root = Directory.CreateTempSubdirectory("vorel-app-").FullName;
        using var given = JsonDocument.Parse(hostJson);
        var members = given.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.Clone());
        members["version"] = JsonSerializer.SerializeToElement("2.0");
        members.TryAdd("extensions", JsonSerializer.SerializeToElement(new { http = new { routePrefix = "" } }));
        File.WriteAllText(Path.Combine(Root, "host.json"), JsonSerializer.Serialize(members));
    }

    public string Root { get; }

    public HostConfiguration Configuration => Adjust(HostConfiguration.Load(Root, _ => null));

    /// <summary>Changes what host.json cannot say.</summary>
    public Func<HostConfiguration, HostConfiguration> Adjust { get; set; } = configuration => configuration;

    public FunctionCatalog Catalog => FunctionCatalog.Load(Root, Settings.GetValueOrDefault);

    /// <summary>What the catalog finds as settings.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    public TestApp Function(string name, string bindings) => FunctionJson(name, $$"""{"bindings":[{{bindings}}]}""");

    /// <summary>A function's folder with this function.json.</summary>
    public TestApp FunctionJson(string name, string json)
    {
        Directory.CreateDirectory(Path.Combine(Root, name));
        File.WriteAllText(Path.Combine(Root, name, "function.json"), json);
        return this;
    }

    /// <summary>An HTTP function; <paramref name="authLevel"/> null leaves the level out.</summary>
    public TestApp Http(string name, string route, string methods = "", string? authLevel = "anonymous") => Function(
        name,
        $$"""{"type":"httpTrigger","direction":"in","name":"req",{{(authLevel is null ? "" : $"\"authLevel\":\"{authLevel}\",")}}"route":"{{route}}","methods":[{{methods}}]},{"type":"http","direction":"out","name":"res"}""");

    /// <summary>An executable script that host.json names as the handler.</summary>
    public TestApp Script(string text)
    {
        var path = Path.Combine(Root, "handler");
        File.WriteAllText(path, text);
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("These handlers are shell scripts.");
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    public string Read(string file) => File.Exists(Path.Combine(Root, file)) ? File.ReadAllText(Path.Combine(Root, file)) : "";

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
