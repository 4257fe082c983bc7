using System.Text.Json.Nodes;

namespace Vorel.Fakes;

/// <summary>What the stand-in answers.</summary>
internal sealed record VaultAnswer(int Status, JsonObject Body)
{
    public static VaultAnswer Ok(JsonObject body) => new(200, body);

    /// <summary>An error as the service words it: a code, and where there is more to say a second one inside.</summary>
    public static VaultAnswer Error(int status, string code, string? inner = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = $"The stand-in refuses this: {inner ?? code}." };
        if (inner is not null)
        {
            error["innererror"] = new JsonObject { ["code"] = inner };
        }

        return new VaultAnswer(status, new JsonObject { ["error"] = error });
    }
}
