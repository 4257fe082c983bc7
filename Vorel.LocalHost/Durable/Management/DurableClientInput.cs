using System.Globalization;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Http.Keys;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Durable.Management;

/// <summary>
/// The <c>durableClient</c> input as a custom handler gets it: a text that holds JSON. It says where the sidecar and the HTTP API
/// are, and the system key of the latter; it has no ready-made addresses of instances.
/// </summary>
internal sealed class DurableClientInput(Lazy<IDurableSidecar?> sidecar, HostConfiguration configuration, HostAddresses addresses, HostKeys keys)
{
    /// <exception cref="InvalidOperationException">No hub runs.</exception>
    public async Task<BindingValue> Of(FunctionBinding binding, CancellationToken cancellationToken)
    {
        var hub = sidecar.Value ?? throw new InvalidOperationException("A function binds durableClient, but no Durable hub runs.");
        var address = await hub.Address(cancellationToken);
        return BindingValue.Text(HostJson.Print(new JsonObject
        {
            ["taskHubName"] = binding.Text("taskHub") ?? hub.HubName,
            ["creationUrls"] = null,
            ["managementUrls"] = null,
            ["baseUrl"] = null,
            ["requiredQueryStringParameters"] = $"code={Uri.EscapeDataString(keys.System(KeyEndpoints.DurableExtension))}",
            ["rpcBaseUrl"] = address.GetLeftPart(UriPartial.Authority),
            ["httpBaseUrl"] = new Uri(addresses.FrontEnd, ManagementEndpoints.Root).AbsoluteUri,
            ["connectionName"] = binding.Text("connectionName"),
            ["useForwardedHost"] = false,
            ["maxGrpcMessageSizeInBytes"] = configuration.Durable.MaxGrpcMessageSize,
            ["grpcHttpClientTimeout"] = configuration.Durable.GrpcHttpClientTimeout.ToString("c", CultureInfo.InvariantCulture),
        }));
    }
}
