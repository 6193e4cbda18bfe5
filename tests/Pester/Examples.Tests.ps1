#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Every example of every page under docs/cmdlets, and of the tour and the views, does what the page says. The conventions stand in PageExamples.ps1.

BeforeDiscovery {
    $script:pages = @('views', 'tour' | ForEach-Object { @{ Name = $_; Path = "$PSScriptRoot/../../docs/$_.md" } } | Where-Object { Test-Path $_.Path })
    $script:pages += Get-ChildItem "$PSScriptRoot/../../docs/cmdlets" -Filter *.md |
        Where-Object { (Get-Content $_.FullName -TotalCount 1) -eq '---' } |
        ForEach-Object { @{ Name = $_.BaseName; Path = $_.FullName } }
}

Describe 'The examples of <Name>' -ForEach $pages {
    BeforeAll {
        . "$PSScriptRoot/PageExamples.ps1"
        Import-Module $env:ATOMPRONET_MODULE -ErrorAction Stop
        $script:examples = @(Get-PageExample $Path)
    }

    It 'are there, one to three or more, each with a title and a command' {
        $examples.Count | Should -BeGreaterThan 0
        $examples | ForEach-Object { if ($Path -like '*cmdlets*') { $_.Title | Should -Match '^Example \d+: \S' }; $_.Commands.Count | Should -BeGreaterThan 0 -Because $_.Title }
    }

    It 'parse, and their parameters bind' {
        $examples.Commands | ForEach-Object { Find-BindingFault $_.Text } | Should -BeNullOrEmpty
    }

    It 'print what the page says' -Skip:(-not (Select-String -LiteralPath $Path -Pattern '^```powershell( width=\d+)?\s*$' -Quiet)) {
        $folder = Join-Path ([IO.Path]::GetTempPath()) ('ap' + [IO.Path]::GetRandomFileName().Substring(0, 6))
        $before = $env:MP_API_KEY, $env:PMG_VASP_PSP_DIR, $env:ATOMPRONET_HOME
        $env:MP_API_KEY = $env:PMG_VASP_PSP_DIR = $null
        $env:ATOMPRONET_HOME = Join-Path $folder '.atompronet'
        $session = Open-PageSession $env:ATOMPRONET_MODULE "$PSScriptRoot/../../samples" $folder
        try {
            $faults = foreach ($example in $examples | Where-Object Needs -eq $null) {
                foreach ($command in $example.Commands) {
                    $result = Invoke-PageCommand $session $command.Text -Folder $folder -Width $example.Width
                    $printed = ($command.Printed -join '').Trim()
                    if ($printed) { $fault = Compare-PageOutput $command.Printed $result.Printed }
                    else { $fault = $result.Failures -gt 0 ? $result.Printed : $null }
                    if ($fault) { "$Name, line $($command.Line): $fault" }
                }
            }
            $faults -join "`n`n" | Should -BeNullOrEmpty
        }
        finally {
            $session.Dispose()
            $env:MP_API_KEY, $env:PMG_VASP_PSP_DIR, $env:ATOMPRONET_HOME = $before
            Remove-Item -LiteralPath $folder -Recurse -Force
        }
    }
}
