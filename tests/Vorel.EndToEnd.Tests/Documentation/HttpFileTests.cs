using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.Documentation;

/// <summary>Every request of docs/http is sent to real processes, in order, and answers as its title says.</summary>
public sealed partial class HttpFileTests : IAsyncLifetime
{
    private TestStack _stack = null!;

    public async Task InitializeAsync() => _stack = await TestStack.Start();

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    [Fact]
    public async Task The_main_path_answers_as_documented_and_both_other_sides_hear_of_it()
    {
        var file = HttpFile.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "http", "main-path.http")));
        file.Variables["vorel"] = _stack.Host.Addresses.Host.Address.ToString().TrimEnd('/');
        file.Variables["sandbox"] = _stack.Host.Addresses.Sandbox.ToString().TrimEnd('/');
        file.Variables["operator"] = _stack.Secrets.OperatorToken;
        var answers = new Dictionary<string, JsonNode>();

        foreach (var request in file.Requests)
        {
            var (status, body) = await Send(request, text => Fill(text, file.Variables, answers));
            Assert.True(request.Status == status, $"{request.Title}: expected {request.Status}, got {status}: {body}");
            if (request.Name is not null)
            {
                answers[request.Name] = JsonNode.Parse(body)!;
            }
        }

        Assert.Contains(file.Requests, request => request.Method == "PATCH");
        await Eventually.True(() => Seen("/sandbox/crm.json", "create"), "the CRM got the lead");
        await Eventually.True(() => Seen("/sandbox/inbox.json", "lead.created", "lead.updated", "lead.qualified"), "the inbox got all three events");
    }

    private static async Task<(int Status, string Body)> Send(HttpFileRequest request, Func<string, string> fill)
    {
        using var client = new HttpClient();
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), fill(request.Url));
        if (request.Body.Length > 0)
        {
            message.Content = new StringContent(fill(request.Body), Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in request.Headers.Where(header => header.Key != "Content-Type"))
        {
            message.Headers.Add(name, fill(value));
        }

        using var answer = await client.SendAsync(message);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static string Fill(string text, Dictionary<string, string> variables, Dictionary<string, JsonNode> answers) =>
        Placeholder().Replace(text, match => match.Groups["member"].Success
            ? answers[match.Groups["name"].Value][match.Groups["member"].Value]!.GetValue<string>()
            : variables[match.Groups["name"].Value]);

    private async Task<bool> Seen(string page, params string[] kinds)
    {
        var state = await _stack.Sandbox.Expect(HttpMethod.Get, page, null, CancellationToken.None);
        var verified = state["requests"]!.AsArray().Where(request => request!["verified"]!.GetValue<bool>()).Select(request => request!["kind"]!.GetValue<string>());
        return !kinds.Except(verified).Any();
    }

    [GeneratedRegex(@"\{\{(?<name>\w+)(\.response\.body\.\$\.(?<member>\w+))?\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
