using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http.Keys;

/// <summary>
/// The host's access keys: master, host, one for each function, one for each extension. All are made from one random root, which is
/// kept beside the app's data, so that each key is there when it is first asked for and stays the same over restarts.
/// </summary>
internal sealed class HostKeys(IHostState state)
{
    public const string MasterName = "_master";

    /// <summary>The name of the host key, and of each function's key, that Functions makes by itself.</summary>
    public const string DefaultName = "default";

    private const string StateKey = "host-keys";
    private byte[]? _root;

    /// <summary>Opens everything.</summary>
    public string Master => Make("master", MasterName);

    /// <summary>Opens every function that asks for a function key.</summary>
    public string Host => Make("host", DefaultName);

    /// <summary>Opens one function.</summary>
    public string Function(string name) => Make("function", name.ToLowerInvariant());

    /// <summary>Opens what an extension serves below /runtime/webhooks, such as <c>durabletask_extension</c>.</summary>
    public string System(string name) => Make("system", name.ToLowerInvariant());

    /// <summary>Takes the root that is stored, or makes one and stores it. To be awaited before a key is asked for.</summary>
    public async Task Restore(CancellationToken cancellationToken)
    {
        if (await state.Load(StateKey, cancellationToken) is { } json)
        {
            _root = Convert.FromBase64String(JsonSerializer.Deserialize(json, KeysJson.Default.String)!);
            return;
        }

        var root = RandomNumberGenerator.GetBytes(32);
        await state.Save(StateKey, JsonSerializer.Serialize(Convert.ToBase64String(root), KeysJson.Default.String), cancellationToken);
        _root = root;
    }

    /// <summary>True where a function may be called: by everyone, with its own key, the host's or the master key, by its level.</summary>
    public bool Opens(FunctionDefinition function, HttpRequest request) => HttpAuthLevel.Of(function) switch
    {
        HttpAuthLevel.Anonymous => true,
        HttpAuthLevel.Function => PresentedKey.IsOneOf(request, Function(function.Name), Host, Master),
        _ => OpensAdmin(request),
    };

    /// <summary>True where the request shows an extension's key or the master key.</summary>
    public bool OpensSystem(string name, HttpRequest request) => PresentedKey.IsOneOf(request, System(name), Master);

    /// <summary>True where the request shows the master key.</summary>
    public bool OpensAdmin(HttpRequest request) => PresentedKey.IsOneOf(request, Master);

    private string Make(string scope, string name) => Base64Url.EncodeToString(HMACSHA256.HashData(
        _root ?? throw new InvalidOperationException("The host's keys are asked for before they are restored."), Encoding.UTF8.GetBytes($"{scope}/{name}")));
}
