using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Management;

/// <summary>One call of the HTTP API: what it names and asks for. Where the extension overlooks a value that it cannot read, this refuses it.</summary>
internal sealed class ManagementCall(HttpContext context, HubClient client, ManagementUrls urls)
{
    private const string TokenHeader = "x-ms-continuation-token";
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    public HubClient Client => client;

    public ManagementUrls Urls => urls;

    public HttpResponse Response => context.Response;

    public CancellationToken Caller => context.RequestAborted;

    /// <summary>The host stops: nothing waits any longer.</summary>
    public CancellationToken Stopping => context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    public string Id => Route("id") ?? "";

    /// <summary>Where the list is to go on; set, where the next one is.</summary>
    public string? Token
    {
        get => context.Request.Headers[TokenHeader] is [{ Length: > 0 } token, ..] ? token : null;
        set => context.Response.Headers[TokenHeader] = value;
    }

    /// <summary>True where the body says of itself that it is JSON.</summary>
    public bool IsJson => MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
        && "application/json".Equals(type.MediaType, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="RpcException">InvalidArgument: another hub, or another storage, than this one is asked for.</exception>
    public void CheckHub()
    {
        if (!Names("taskHub", client.HubName) || !Names("connection", client.ConnectionName))
        {
            throw Wrong($"This local host has only the hub '{client.HubName}' in '{client.ConnectionName}'.");
        }
    }

    /// <summary>A part of the path, decoded once; null where it is left out.</summary>
    /// <exception cref="RpcException">InvalidArgument: it holds a slash, which the server leaves encoded.</exception>
    public string? Route(string name) => context.Request.RouteValues[name] is string value
        ? value.Contains("%2F", StringComparison.OrdinalIgnoreCase) ? throw Wrong($"The {name} holds a slash.") : value
        : null;

    public string? Text(string name) => context.Request.Query[name] is [{ Length: > 0 } text, ..] ? text : null;

    public bool Flag(string name, bool fallback) =>
        Text(name) is not { } text ? fallback : bool.TryParse(text, out var flag) ? flag : throw Wrong($"{name} is neither true nor false.");

    public int? Number(string name) => Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw Wrong($"{name} is not a number above 0.");

    public TimeSpan? Seconds(string name) => Text(name) is not { } text ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= s_longestWait.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong($"{name} is not a number of seconds within a day.");

    /// <summary>A time of ISO 8601; UTC unless it says otherwise.</summary>
    public DateTimeOffset? Time(string name) => Text(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? RpcTime.Storable(time) : throw Wrong($"{name} is not a time.");

    /// <summary>The filter that lists and purges share.</summary>
    public InstanceFilter Filter() => new()
    {
        CreatedFrom = Time("createdTimeFrom"),
        CreatedTo = Time("createdTimeTo"),
        Prefix = Text("instanceIdPrefix") ?? "",
        Statuses = [.. (Text("runtimeStatus") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Status)],
    };

    /// <summary>The body as JSON text, or null where it is empty.</summary>
    /// <exception cref="RpcException">InvalidArgument: it is not JSON. ResourceExhausted: it is longer than what the hub stores.</exception>
    public async Task<string?> Json()
    {
        var body = new byte[SplitColumn.MaxValue + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, Caller);
        if (length > SplitColumn.MaxValue)
        {
            throw new RpcException(GrpcStatus.ResourceExhausted, $"The body is longer than the {SplitColumn.MaxValue} bytes that this local host stores.");
        }

        if (length == 0)
        {
            return null;
        }

        try
        {
            using var _ = JsonDocument.Parse(body.AsMemory(0, length));
            return Encoding.UTF8.GetString(body, 0, length);
        }
        catch (JsonException)
        {
            throw Wrong("The body is not JSON.");
        }
    }

    public static RpcException Wrong(string message) => new(GrpcStatus.InvalidArgument, message);

    private static OrchestrationStatus Status(string name) =>
        !char.IsAsciiDigit(name[0]) && Enum.TryParse<OrchestrationStatus>(name, ignoreCase: true, out var status) && Enum.IsDefined(status)
            ? status
            : throw Wrong($"'{name}' is not a runtime status.");

    private bool Names(string parameter, string own) => Text(parameter)?.Equals(own, StringComparison.OrdinalIgnoreCase) ?? true;
}
