using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http.Keys;

/// <summary>The part of the key management API that reads: host keys, extensions' keys, functions' keys.</summary>
internal static class KeyEndpoints
{
    /// <summary>The key of the Durable extension's HTTP API.</summary>
    public const string DurableExtension = "durabletask_extension";

    /// <summary>Maps them; <paramref name="routes"/> asks for the master key already.</summary>
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        foreach (var scope in new[] { "keys", "functionkeys" })
        {
            routes.MapGet($"/admin/host/{scope}", (HostKeys keys) => List(HostKey(keys)));
            routes.MapGet($"/admin/host/{scope}/{{name}}", (string name, HostKeys keys) => One(name, HostKey(keys)));
        }

        routes.MapGet("/admin/host/systemkeys", (HostKeys keys, FunctionCatalog catalog) => List(SystemKeys(keys, catalog)));
        routes.MapGet("/admin/host/systemkeys/{name}", (string name, HostKeys keys, FunctionCatalog catalog) =>
            One(name, [.. SystemKeys(keys, catalog), new AccessKey(HostKeys.MasterName, keys.Master)])); // Named, it is found; listed, it is not.
        routes.MapGet("/admin/functions/{function}/keys", (string function, HostKeys keys, FunctionCatalog catalog) =>
            catalog.Find(function) is { } found ? List(FunctionKey(keys, found)) : Results.NotFound());
        routes.MapGet("/admin/functions/{function}/keys/{name}", (string function, string name, HostKeys keys, FunctionCatalog catalog) =>
            catalog.Find(function) is { } found ? One(name, FunctionKey(keys, found)) : Results.NotFound());
    }

    private static AccessKey[] HostKey(HostKeys keys) => [new(HostKeys.DefaultName, keys.Host)];

    private static AccessKey[] FunctionKey(HostKeys keys, FunctionDefinition function) => [new(HostKeys.DefaultName, keys.Function(function.Name))];

    /// <summary>An extension has a key where the app uses it.</summary>
    private static AccessKey[] SystemKeys(HostKeys keys, FunctionCatalog catalog) =>
        catalog.UsesDurable ? [new(DurableExtension, keys.System(DurableExtension))] : [];

    private static IResult List(AccessKey[] keys) => Results.Json(new AccessKeys(keys), KeysJson.Default.AccessKeys);

    private static IResult One(string name, AccessKey[] keys) =>
        keys.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Results.Json(found, KeysJson.Default.AccessKey)
            : Results.NotFound();
}
